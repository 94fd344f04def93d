/**
 * A protocol of one's own: sensor readings over UDP port 9999. Ten lines, one file, nothing else touched.
 *
 *     packetloom flows capture.pcap --plugin examples/sensor-protocol.ts --feature 'top=max(sensor.value)'
 */
import { defineDissector, definePlugin, header, tableNamed, uint8, uint16, uint32 } from 'packetloom/plugin';

const fields = header({
  type: uint8('sensor.type', { values: { 1: 'temperature', 2: 'pressure' } }),
  flags: uint8('sensor.flags', { display: 'hex' }),
  value: uint16('sensor.value'),
  sequence: uint32('sensor.sequence'),
});

const sensor = defineDissector({
  name: 'sensor',
  title: 'Sensor readings',
  claims: [tableNamed('udp.port').at(9999)],
  fields,
});

export default definePlugin({ name: 'sensor-protocol', dissectors: [sensor] });
