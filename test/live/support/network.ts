import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { eventually } from '../../cli/support/needs.ts';

/** Programs that a network and its traffic are made with. */
const PROGRAMS = [
  'ip',
  'ethtool',
  'tcpreplay',
  'tcpdump',
  'dumpcap',
  'curl',
  'dig',
  'dnsmasq',
  'ping',
  'iperf3',
  'tshark',
  'setpriv',
];

/** Why no network can be made here; undefined when one can. */
export function obstacle(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need root on Linux';
  const missing = PROGRAMS.filter((program) => !isInstalled(program));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(', ')}`;
}

function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** One end of the cable: a network namespace with one interface, `name`. */
export class Host {
  readonly namespace: string;
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly #children: ChildProcess[] = [];

  constructor(namespace: string, name: string, number: number) {
    this.namespace = namespace;
    this.name = name;
    this.ipv4 = `10.231.7.${number}`;
    this.ipv6 = `fd00:231:7::${number}`;
  }

  ip(...words: readonly string[]): void {
    execFileSync('ip', ['-n', this.namespace, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** Runs a program here to its end; rejects when it fails. */
  run(program: string, ...words: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      execFile('ip', ['netns', 'exec', this.namespace, program, ...words], (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${words.join(' ')}: ${stderr || error.message}`));
      });
    });
  }

  /** Starts a program here (it takes the place of `ip`, so that the process is its own); it ends with the network. */
  start(program: string, ...words: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.namespace, program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return child;
  }

  /** Waits until so many sockets take every frame of an interface. */
  async listeners(count: number, device = this.name): Promise<void> {
    const [{ ifindex }] = JSON.parse(await this.run('ip', '-j', 'link', 'show', device));
    await eventually(async () => {
      // sk RefCnt Type Proto Iface R ...
      const sockets = (await this.run('cat', '/proc/net/packet'))
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , protocol, iface, running]) => protocol === '0003' && iface === `${ifindex}` && running === '1');
      return sockets.length >= count || undefined;
    });
  }

  /** Sends the frames of a capture through the interface. */
  replay(file: string, ...options: readonly string[]): Promise<string> {
    return this.run('tcpreplay', '-i', this.name, ...options, file);
  }

  make(): void {
    execFileSync('ip', ['netns', 'add', this.namespace]);
    this.ip('link', 'set', 'lo', 'up');
  }

  /** Makes the interface ready, with or without addresses. */
  setUp(silent: boolean): void {
    const inside = ['netns', 'exec', this.namespace];
    // Whole frames with checksums, as on a cable.
    const off = ['tx', 'off', 'rx', 'off', 'tso', 'off', 'gso', 'off', 'gro', 'off'];
    execFileSync('ip', [...inside, 'ethtool', '-K', this.name, ...off], { stdio: 'ignore' });
    if (silent) {
      const setting = `/proc/sys/net/ipv6/conf/${this.name}/disable_ipv6`;
      execFileSync('ip', [...inside, 'tee', setting], { input: '1', stdio: ['pipe', 'ignore', 'pipe'] });
      this.ip('link', 'set', this.name, 'arp', 'off');
    } else {
      this.ip('addr', 'add', `${this.ipv4}/24`, 'dev', this.name);
      this.ip('addr', 'add', `${this.ipv6}/64`, 'dev', this.name, 'nodad');
    }
    this.ip('link', 'set', this.name, 'up');
  }

  /** Ends what was started here and removes the host. */
  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    if (existsSync(`/run/netns/${this.namespace}`)) execFileSync('ip', ['netns', 'del', this.namespace]);
  }
}

/** Two hosts and a cable between them; no frame of theirs leaves it. */
export interface Network {
  /** Where is captured. */
  readonly here: Host;
  readonly there: Host;
  /** Makes the cable, of which `here` may have lost its end. */
  connect(): void;
  /** Takes both ends away. */
  disconnect(): void;
}

let count = 0;

/**
 * A network for the tests of a group: made before them, and removed when they have ended.
 * @param silent without addresses: no frame is on it but those that are sent
 */
export function useNetwork({ silent = false }: { readonly silent?: boolean } = {}): Network {
  count += 1;
  const namespace = (end: string) => `ploom-${process.pid}-${count}-${end}`;
  const here = new Host(namespace('here'), 'near', 1);
  const there = new Host(namespace('there'), 'far', 2);
  const hosts = [here, there];
  const connect = () => {
    const peer = ['peer', 'name', there.name, 'netns', there.namespace];
    execFileSync('ip', ['link', 'add', here.name, 'netns', here.namespace, 'type', 'veth', ...peer]);
    for (const host of hosts) host.setUp(silent);
  };
  beforeAll(() => {
    if (obstacle() !== undefined) return;
    for (const host of hosts) host.make();
    connect();
  });
  afterAll(() => {
    for (const host of hosts) host.remove();
  });
  return { here, there, connect, disconnect: () => here.ip('link', 'del', here.name) };
}
