import { expect, test } from 'vitest';
import { candidatePlaces } from '../../../libs/sandbox/find-control-groups.js';

const mount = (root: string, target: string, type: string, options: string) =>
  `35 31 0:32 ${root} ${target} rw,relatime shared:9 - ${type} ${type} rw,${options}`;

const separate = [
  mount('/', '/sys/fs/cgroup/memory', 'cgroup', 'memory'),
  mount('/', '/sys/fs/cgroup/pids', 'cgroup', 'pids'),
  mount('/', '/sys/fs/cgroup/cpu,cpuacct', 'cgroup', 'cpu,cpuacct'),
].join('\n');

test('separate hierarchies are used below the group that we are in', () => {
  const own = '7:cpu,cpuacct:/\n6:pids:/user\n4:memory:/user/one\n1:name=systemd:/';
  expect(candidatePlaces(separate, own)).toEqual([
    {
      version: 'v1',
      memory: '/sys/fs/cgroup/memory/user/one',
      pids: '/sys/fs/cgroup/pids/user',
      cpuacct: '/sys/fs/cgroup/cpu,cpuacct',
      cpu: '/sys/fs/cgroup/cpu,cpuacct',
    },
  ]);
});

test('in the unified hierarchy the group beside ours comes first', () => {
  const unified = mount('/', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate');
  expect(candidatePlaces(unified, '0::/user.slice/app.slice/x.scope\n')).toEqual([
    { version: 'v2', folder: '/sys/fs/cgroup/user.slice/app.slice' },
    { version: 'v2', folder: '/sys/fs/cgroup/user.slice/app.slice/x.scope' },
  ]);
});

test('nothing above the mounted part of the hierarchy is proposed', () => {
  const unified = mount('/docker/abc', '/sys/fs/cgroup', 'cgroup2', 'nsdelegate');
  expect(candidatePlaces(unified, '0::/docker/abc\n')).toEqual([{ version: 'v2', folder: '/sys/fs/cgroup' }]);
  expect(candidatePlaces(unified, '0::/elsewhere\n')).toEqual([{ version: 'v2', folder: '/sys/fs/cgroup' }]);
});

test('without a memory or a pids controller there is no place', () => {
  expect(candidatePlaces(mount('/', '/m', 'cgroup', 'memory'), '4:memory:/\n3:pids:/')).toEqual([]);
  expect(candidatePlaces('', '')).toEqual([]);
});
