/** One value of a CSV file and where it begins: line and column count from 1. */
export interface Cell {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** One record of a CSV file. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly Cell[];
}

/** What is wrong with the text, and where. */
export interface CsvFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/**
 * Reads CSV (RFC 4180, any line ends), each value with its place. Empty lines and lines that begin with `#` are passed
 * over.
 */
export function parseCsv(text: string): {
  readonly records: readonly CsvRecord[];
  readonly faults: readonly CsvFault[];
} {
  const records: CsvRecord[] = [];
  const faults: CsvFault[] = [];
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let line = 1;
  let lineStart = at;
  const endLine = (): void => {
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    at += 1;
    line += 1;
    lineStart = at;
  };
  const isEnd = (): boolean => at >= text.length || text[at] === '\n' || text[at] === '\r';
  const quoted = (place: Omit<Cell, 'text'>): string => {
    let value = '';
    at += 1;
    for (;;) {
      if (at >= text.length) {
        faults.push({ ...place, message: 'a quote is opened and not closed' });
        return value;
      }
      if (text[at] === '"') {
        at += 1;
        if (text[at] !== '"') return value;
      }
      if (text[at] === '\n') {
        line += 1;
        lineStart = at + 1;
      }
      value += text[at];
      at += 1;
    }
  };
  const cell = (): Cell => {
    const place = { line, column: at - lineStart + 1 };
    if (text[at] === '"') {
      const value = quoted(place);
      if (!isEnd() && text[at] !== ',') {
        faults.push({ line, column: at - lineStart + 1, message: 'expected a comma behind the closing quote' });
        while (!isEnd() && text[at] !== ',') at += 1;
      }
      return { ...place, text: value };
    }
    const from = at;
    while (!isEnd() && text[at] !== ',') at += 1;
    return { ...place, text: text.slice(from, at) };
  };
  while (at < text.length) {
    if (isEnd()) {
      endLine();
      continue;
    }
    if (text[at] === '#') {
      while (!isEnd()) at += 1;
      continue;
    }
    const start = line;
    const cells = [cell()];
    while (text[at] === ',') {
      at += 1;
      cells.push(cell());
    }
    records.push({ line: start, cells });
  }
  return { records, faults };
}
