import { configurationSchema } from '../../core/run/schema.ts';
import { compose } from '../compose.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { printJson } from '../print.ts';

/** `packetloom schema`: the JSON Schema of the configuration, with every name there is. */
export async function runSchema(options: { readonly plugin?: string[] }): Promise<void> {
  const { registry } = await compose(pluginRequests([], options.plugin));
  printJson(configurationSchema(registry));
}
