/**
 * Source text under construction. Nothing the user wrote enters it: names are made here, constants are numbers that
 * were checked or objects that are passed in.
 */
export class Code {
  readonly #objects: unknown[] = [];
  readonly #names = new Map<unknown, string>();
  readonly #functions: string[] = [];
  #count = 0;

  /** A new name. */
  name(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  /** The name under which generated code finds an object, a text or a function. */
  ref(object: unknown): string {
    let name = this.#names.get(object);
    if (name === undefined) {
      name = `e${this.#objects.length}`;
      this.#objects.push(object);
      this.#names.set(object, name);
    }
    return name;
  }

  /** A call of a plain function. */
  call(fn: unknown, ...args: readonly string[]): string {
    return `${this.ref(fn)}(${args.join(', ')})`;
  }

  /** Adds a function; returns its name. */
  function(prefix: string, parameters: string, body: string): string {
    const name = this.name(prefix);
    this.#functions.push(`function ${name}(${parameters}) {\n${body}\n}`);
    return name;
  }

  /** Compiles everything and returns the functions named. */
  compile<T>(names: { readonly [K in keyof T]: string }): T {
    const externals = this.#objects.map((_, i) => `const e${i} = E[${i}];`).join('\n');
    const result = Object.entries(names).map(([key, name]) => `${key}: ${name}`);
    const source = `"use strict";\n${externals}\n${this.#functions.join('\n')}\nreturn { ${result.join(', ')} };`;
    return new Function('E', source)(this.#objects) as T;
  }
}

/** A number as source text. */
export function literal(value: unknown): string {
  if (typeof value !== 'number') throw new TypeError('not a number');
  if (Object.is(value, -0)) return '(-0)';
  return value < 0 ? `(${value})` : String(value);
}
