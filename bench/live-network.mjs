import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Two network namespaces joined by a cable (a veth pair) without addresses, so that no frame is on it but those that are
 * sent. Needs root on Linux. Removed by `remove`, and when the process ends.
 */
export function makeNetwork() {
  const [near, far] = ['near', 'far'].map((end) => `ploom-bench-${process.pid}-${end}`);
  const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
  const remove = () => {
    for (const name of [near, far]) if (existsSync(`/run/netns/${name}`)) ip('netns', 'del', name);
  };
  process.on('exit', remove);
  for (const name of [near, far]) ip('netns', 'add', name);
  ip('link', 'add', 'near', 'netns', near, 'type', 'veth', 'peer', 'name', 'far', 'netns', far);
  for (const [name, device] of [
    [near, 'near'],
    [far, 'far'],
  ]) {
    execFileSync('ip', ['netns', 'exec', name, 'tee', `/proc/sys/net/ipv6/conf/${device}/disable_ipv6`], {
      input: '1',
    });
    ip('-n', name, 'link', 'set', device, 'arp', 'off');
    ip('-n', name, 'link', 'set', device, 'up');
  }
  const start = (name, words, stdio) => spawn('ip', ['netns', 'exec', name, ...words], { stdio });
  const counter = (name) => Number(ip('netns', 'exec', near, 'cat', `/sys/class/net/near/statistics/${name}`));
  return {
    remove,
    /** Starts a program where is captured. @param {readonly string[]} words @param {any} stdio */
    startNear: (words, stdio) => start(near, words, stdio),
    /** Starts a program where is sent. @param {readonly string[]} words @param {any} stdio */
    startFar: (words, stdio) => start(far, words, stdio),
    /** Frames that the capturing end has received, by its own count. */
    received: () => counter('rx_packets'),
    /** Waits until a socket takes every frame of the capturing end. */
    async listening() {
      for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50))) {
        const sockets = ip('netns', 'exec', near, 'cat', '/proc/net/packet').split('\n');
        if (sockets.some((line) => /^\S+ +\d+ +\d+ +0003 +\d+ +1 /.test(line))) return;
      }
      throw new Error('nothing captures after 20 s');
    },
  };
}

/** Processor seconds, resident bytes and their peak of a process. @param {number} pid */
export function usage(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kibibytes = (name) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0) * 1024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  // Fields 14 and 15 of proc(5), in hundredths of a second.
  return {
    user: Number(fields[11]) / 100,
    system: Number(fields[12]) / 100,
    resident: kibibytes('VmRSS'),
    peak: kibibytes('VmHWM'),
  };
}

/** Processes that a process has started. @param {number} pid */
export function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

/** Hundredths of processor time of the machine: busy and all. */
export function machineTime() {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/\s+/);
  const all = fields.slice(0, 8).reduce((sum, field) => sum + Number(field), 0);
  return { all, busy: all - Number(fields[3]) - Number(fields[4]) };
}
