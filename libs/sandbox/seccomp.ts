/**
 * A seccomp filter that closes what namespaces leave open: new user namespaces, socket families that know no
 * network namespace (vsock reaches a hypervisor), kernel keyrings, io_uring (it goes round such filters), and
 * interfaces to the kernel that programs do not need.
 */
export const seccompFilter = (
  architecture: SeccompArchitecture,
  options: { readonly systemV: boolean },
): Buffer => assemble(tables[architecture], options);

type SeccompArchitecture = keyof typeof tables;

/** Whether there is a filter for the architecture, named as `process.arch` does. */
export const hasSeccompFilter = (architecture: string): architecture is SeccompArchitecture =>
  Object.hasOwn(tables, architecture);

interface Table {
  /** AUDIT_ARCH_*. */
  readonly audit: number;
  /** System call numbers from here on belong to another ABI of the same architecture. */
  readonly foreignFrom?: number;
  readonly socket: number;
  readonly clone: number;
  readonly unshare: number;
  readonly sharedMemory: number;
  /** Refused with EPERM. */
  readonly refused: readonly number[];
}

/** clone3 (libraries fall back to clone, whose flags a filter can see), io_uring_*, memfd_secret: as if not there. */
const absent = [435, 425, 426, 427, 447];
/** open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr: the same on all architectures. */
const mounting = [428, 429, 430, 431, 432, 433, 442];

const tables = {
  x64: {
    audit: 0xc000003e,
    foreignFrom: 0x40000000,
    socket: 41,
    clone: 56,
    unshare: 272,
    sharedMemory: 29,
    // mount, umount2, pivot_root, setns, add_key, request_key, keyctl, bpf, userfaultfd, perf_event_open, open_by_handle_at
    refused: [165, 166, 155, 308, 248, 249, 250, 321, 323, 298, 304, ...mounting],
  },
  arm64: {
    audit: 0xc00000b7,
    socket: 198,
    clone: 220,
    unshare: 97,
    sharedMemory: 194,
    // the same, in the same order
    refused: [40, 39, 41, 268, 217, 218, 219, 280, 282, 241, 265, ...mounting],
  },
} as const satisfies Record<string, Table>;

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: all four belong to the network namespace. */
const families = [1, 2, 10, 16];
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaces = 0x7e020000;
/** CLONE_NEWTIME; in clone these bits are the exit signal. */
const newTime = 0x80;

const allow = 0x7fff0000;
const kill = 0x80000000;
const fail = (errno: number): number => 0x00050000 | errno;

/** Offsets in struct seccomp_data; of the first argument the low half, which comes first on both architectures. */
const numberAt = 0;
const architectureAt = 4;
const firstArgumentAt = 16;

interface Instruction {
  readonly code: number;
  readonly value: number;
  /** How many instructions to skip if true, and if not. */
  readonly yes?: number;
  readonly no?: number;
}

const load = (offset: number): Instruction => ({ code: 0x20, value: offset });
const give = (value: number): Instruction => ({ code: 0x06, value });
const unlessEqual = (value: number, skip: number): Instruction => ({ code: 0x15, value, yes: 0, no: skip });
const ifEqual = (value: number, skip: number): Instruction => ({ code: 0x15, value, yes: skip, no: 0 });
const unlessAtLeast = (value: number, skip: number): Instruction => ({ code: 0x35, value, yes: 0, no: skip });
const unlessAnyBit = (value: number, skip: number): Instruction => ({ code: 0x45, value, yes: 0, no: skip });

/** The body for one system call; it must end by giving a verdict, as the argument then stands where the number stood. */
const when = (call: number, body: readonly Instruction[]): Instruction[] => [
  unlessEqual(call, body.length),
  ...body,
];

const flagsWithin = (call: number, mask: number): Instruction[] =>
  when(call, [load(firstArgumentAt), unlessAnyBit(mask, 1), give(fail(EPERM)), give(allow)]);

function assemble(table: Table, options: { readonly systemV: boolean }): Buffer {
  const refused = options.systemV ? table.refused : [...table.refused, table.sharedMemory];
  const program = [
    load(architectureAt),
    ifEqual(table.audit, 1),
    give(kill),
    load(numberAt),
    ...(table.foreignFrom === undefined ? [] : [unlessAtLeast(table.foreignFrom, 1), give(fail(ENOSYS))]),
    ...refused.flatMap((call) => when(call, [give(fail(EPERM))])),
    ...absent.flatMap((call) => when(call, [give(fail(ENOSYS))])),
    ...flagsWithin(table.clone, newNamespaces),
    ...flagsWithin(table.unshare, newNamespaces | newTime),
    ...when(table.socket, [
      load(firstArgumentAt),
      ...families.map((family, index) => ifEqual(family, families.length - index)),
      give(fail(EAFNOSUPPORT)),
      give(allow),
    ]),
    give(allow),
  ];
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, { code, value, yes = 0, no = 0 }] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(yes, index * 8 + 2);
    bytes.writeUInt8(no, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
