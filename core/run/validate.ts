import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Registry } from '../declare/registry.ts';
import { PacketloomError } from '../errors.ts';
import { packageFile } from '../package-root.ts';
import { configurationSchema, type Schema } from './schema.ts';
import { type PlacedProblem, type SchemaFault, schemaProblem } from './schema-faults.ts';

/** A compiled schema: true when the value fits, else the faults are in `errors`. */
type Compiled = ((value: unknown) => boolean) & { errors?: readonly SchemaFault[] | null };

/** Where the build puts the standalone validator of the built-in schema, with the schema it was made from. */
const COMPILED = packageFile('dist/core/run/compiled-schema.cjs');

/** Options of the one ajv, here and in the build. */
export const AJV_OPTIONS = { allErrors: true, strict: false, inlineRefs: false } as const;

/** The validator made by the build, if it is there and was made from this schema: 3 ms instead of 170. */
function builtIn(schema: Schema): Compiled | undefined {
  if (!existsSync(COMPILED)) return undefined;
  const made = createRequire(import.meta.url)(COMPILED) as { schema: string; validate: Compiled };
  return made.schema === JSON.stringify(schema) ? made.validate : undefined;
}

async function compile(schema: Schema): Promise<Compiled> {
  const { Ajv } = await import('ajv');
  try {
    return new Ajv(AJV_OPTIONS).compile(schema) as Compiled;
  } catch (cause) {
    throw new PacketloomError('plugin', `the options schema of a sink cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}

/** Checks the shape of a configuration: all faults at once. */
export type ShapeCheck = (value: unknown) => PlacedProblem[];

/**
 * The check of a configuration's shape for what is registered. ajv is loaded only where plugins bring sinks of their own.
 * @throws PacketloomError `plugin` for a sink whose options schema is no JSON Schema.
 */
export async function shapeCheck(registry: Registry): Promise<ShapeCheck> {
  const schema = configurationSchema(registry, false);
  return checkBy(builtIn(schema) ?? (await compile(schema)), schema);
}

/** The check of a value's shape by any schema. */
export async function shapeOf(schema: Schema): Promise<ShapeCheck> {
  return checkBy(await compile(schema), schema);
}

function checkBy(validate: Compiled, schema: Schema): ShapeCheck {
  return (value) => {
    if (validate(value)) return [];
    const faults = validate.errors ?? [];
    const choices = new Set(faults.filter(({ keyword }) => keyword === 'enum').map(({ instancePath }) => instancePath));
    return faults
      .filter(({ keyword, instancePath }) => keyword !== 'type' || !choices.has(instancePath))
      .flatMap((fault) => schemaProblem(fault, schema, value) ?? []);
  };
}
