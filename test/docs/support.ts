/** One fenced block of a guide. */
export interface Block {
  readonly language: string;
  /** The file it is (a part of), or an empty text. */
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

/** The fenced blocks of a Markdown text, in order: three backquotes, a language, and for files a name. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; file: string; line: number; lines: string[] } | undefined;
  for (const [i, line] of markdown.split('\n').entries()) {
    if (!line.startsWith('```')) open?.lines.push(line);
    else if (open === undefined) {
      const [language = '', file = ''] = line.slice(3).trim().split(' ');
      open = { language, file, line: i + 1, lines: [] };
    } else {
      const { lines, ...rest } = open;
      blocks.push({ ...rest, text: `${lines.join('\n')}\n` });
      open = undefined;
    }
  }
  return blocks;
}
