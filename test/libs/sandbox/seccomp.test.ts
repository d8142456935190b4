import { describe, expect, test } from 'vitest';
import { seccompFilter } from '../../../libs/sandbox/seccomp.js';
import { shell } from './sandbox-fixture.js';

/** Executes a filter as the kernel does, for one system call. */
function verdict(filter: Buffer, audit: number, call: number, argument = 0): string {
  let register = 0;
  for (let at = 0; at < filter.length / 8; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const yes = filter.readUInt8(at * 8 + 2);
    const no = filter.readUInt8(at * 8 + 3);
    const value = filter.readUInt32LE(at * 8 + 4);
    if (code === 0x20) register = value === 0 ? call : value === 4 ? audit : argument;
    else if (code === 0x15) at += register === value ? yes : no;
    else if (code === 0x35) at += register >= value ? yes : no;
    else if (code === 0x45) at += (register & value) !== 0 ? yes : no;
    else if (code === 0x06)
      return value === 0x7fff0000 ? 'allow' : value === 0x80000000 ? 'kill' : `errno ${value & 0xffff}`;
    else throw new Error(`instruction ${code} is not known`);
  }
  throw new Error('the filter ended without a verdict');
}

const architectures = [
  {
    name: 'x64',
    audit: 0xc000003e,
    read: 0,
    socket: 41,
    clone: 56,
    unshare: 272,
    mount: 165,
    keyctl: 250,
    shmget: 29,
  },
  {
    name: 'arm64',
    audit: 0xc00000b7,
    read: 63,
    socket: 198,
    clone: 220,
    unshare: 97,
    mount: 40,
    keyctl: 219,
    shmget: 194,
  },
] as const;

describe.each(architectures)(
  'the filter for $name',
  ({ name, audit, read, socket, clone, unshare, mount, keyctl, shmget }) => {
    const filter = seccompFilter(name, { systemV: true });
    const of = (call: number, argument?: number) => verdict(filter, audit, call, argument);

    test('lets ordinary calls through', () => {
      expect(of(read)).toBe('allow');
      expect(of(shmget)).toBe('allow');
    });

    test('kills what calls through another architecture', () => {
      expect(verdict(filter, 0x40000003, read)).toBe('kill');
    });

    test('allows sockets of families that have a network namespace, and no others', () => {
      for (const family of [1, 2, 10, 16]) expect(of(socket, family)).toBe('allow');
      for (const family of [0, 17, 38, 40]) expect(of(socket, family)).toBe('errno 97');
    });

    test('allows threads and processes, and no new namespaces', () => {
      expect(of(clone, 0x3d0f00)).toBe('allow');
      expect(of(clone, 17)).toBe('allow');
      expect(of(clone, 0x10000000 | 17)).toBe('errno 1');
      expect(of(unshare, 0x400)).toBe('allow');
      for (const flag of [0x20000, 0x10000000, 0x40000000, 0x80]) expect(of(unshare, flag)).toBe('errno 1');
      expect(of(435)).toBe('errno 38');
    });

    test('refuses mounts, keyrings and io_uring', () => {
      expect(of(mount)).toBe('errno 1');
      expect(of(keyctl)).toBe('errno 1');
      expect(of(425)).toBe('errno 38');
    });

    test('refuses shared memory of System V where nothing would count it', () => {
      expect(verdict(seccompFilter(name, { systemV: false }), audit, shmget)).toBe('errno 1');
    });
  },
);

test('the filter is in force for the program', async () => {
  const { stdout } = await shell(
    'grep ^Seccomp: /proc/self/status; unshare -U true; echo $?; unshare -Ur true; echo $?',
  );
  expect(stdout).toMatch(/^Seccomp:\s+2\n1\n1\n$/);
});
