# Runs a command on a terminal of its own (a pseudo terminal) and prints what came there.
#   on-terminal.py <command> ...            to the end; exits with its code
#   on-terminal.py --hang-up <command> ...  the terminal goes away as soon as something was printed; says the exit code
#                                          (below 0: the signal that ended it)
import os
import pty
import sys

words = sys.argv[1:]
hang_up = words[0] == "--hang-up"
if hang_up:
    words = words[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(words[0], words)
output = b""
while True:
    try:
        some = os.read(terminal, 65536)
    except OSError:  # the last one that had it open has ended
        break
    output += some
    if some == b"" or (hang_up and b"frames/s" in output):
        break
os.close(terminal)
_, status = os.waitpid(child, 0)
code = os.waitstatus_to_exitcode(status)
if hang_up:
    print(code)
else:
    sys.stdout.buffer.write(output)
    sys.stdout.flush()
    sys.exit(code)
