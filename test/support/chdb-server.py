"""The current ClickHouse engine (PyPI's chdb) behind as much of ClickHouse's HTTP interface as inserts need.

The engine parses, checks and stores; only the transport is here. Usage: chdb-server.py PORT FOLDER PASSWORD
"""
import base64
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import chdb.session

port, folder, password = int(sys.argv[1]), sys.argv[2], sys.argv[3]
session = chdb.session.Session(folder)
lock = threading.Lock()
uploads = 0
OWN = {'query', 'query_id', 'database', 'enable_http_compression'}


class Handler(BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def body(self):
        """The whole body; a body that is cut short is an error, as it is for the server."""
        if 'chunked' not in self.headers.get('Transfer-Encoding', ''):
            length = int(self.headers.get('Content-Length', 0))
            data = self.rfile.read(length)
            if len(data) < length:
                raise EOFError
            return data
        parts = []
        while True:
            line = self.rfile.readline()
            if not line.endswith(b'\n'):
                raise EOFError
            size = int(line.split(b';')[0], 16)
            part = self.rfile.read(size)
            if len(part) < size or self.rfile.read(2) != b'\r\n':
                raise EOFError
            if size == 0:
                return b''.join(parts)
            parts.append(part)

    def answer(self, status, text):
        data = text.encode() if isinstance(text, str) else text
        self.send_response(status)
        self.send_header('Content-Length', str(len(data)))
        self.send_header('Connection', 'close')
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def do_POST(self):
        global uploads
        try:
            body = self.body()
        except (EOFError, ValueError, ConnectionError):
            self.close_connection = True
            return
        given = base64.b64decode(self.headers.get('Authorization', 'Basic ').partition(' ')[2]).decode()
        # Clients send these in place of the other over HTTPS.
        user, key = self.headers.get('X-ClickHouse-User'), self.headers.get('X-ClickHouse-Key')
        if f'loader:{password}' not in (given, f'{user}:{key}'):
            self.answer(403, 'Code: 516. DB::Exception: loader: Authentication failed. (AUTHENTICATION_FAILED) (version)\n')
            return
        given = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        settings = ', '.join(
            f"{name} = {value}" if value.isdigit() else f"{name} = '{value}'"
            for name, value in given.items()
            if name not in OWN and re.fullmatch(r'[0-9A-Za-z_-]+', value)
        )
        path = None
        if 'query' in given:
            uploads += 1
            path = os.path.join(folder, f'{uploads}.upload')
            with open(path, 'wb') as file:
                file.write(body)
            insert, form = given['query'].rsplit(' FORMAT ', 1)
            query = f"{insert} FROM INFILE '{path}' {'SETTINGS ' + settings if settings else ''} FORMAT {form}"
            form = 'TabSeparated'
        else:
            query = body.decode()
            found = re.search(r'\sFORMAT (\w+)\s*$', query)
            form = found[1] if found else 'TabSeparated'
        try:
            with lock:
                result = session.query(query, form).bytes()
            self.answer(200, result or b'')
        except RuntimeError as error:
            self.answer(500, f'{error}\n')
        finally:
            if path is not None:
                os.unlink(path)


ThreadingHTTPServer(('127.0.0.1', port), Handler).serve_forever()
