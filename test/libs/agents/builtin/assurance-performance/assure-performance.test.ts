import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assurePerformance } from '../../../../../libs/agents/builtin/assurance-performance/assure-performance.js';
import {
  cheapest,
  tolerances,
  verdictOf,
} from '../../../../../libs/agents/builtin/assurance-performance/resources.js';
import type { Places } from '../../../../../libs/agents/builtin/subject/places.js';
import { runSuite } from '../../../../../libs/agents/builtin/suite/run-suite.js';
import { performanceReportSchema } from '../../../../../libs/contracts/reports/assurance.js';
import { placesFor, taskWith, tiny, writeFiles } from '../../support/places.js';

const command = 'node --test';
const small = {
  'package.json': '{"name":"small","version":"1.0.0"}',
  'index.js': 'exports.work = () => 1;\n',
  'test/a.test.js': "require('node:test').test('works', () => { require('..').work(); });\n",
};

async function changed(subject: string | Record<string, string>, changes: Record<string, string>) {
  const places = placesFor(subject);
  const { run } = await runSuite(places, { command, wallMs: 30_000, coverage: false });
  writeFileSync(join(places.inputs, 'infrastructure.json'), JSON.stringify({ baseline: run }));
  writeFiles(places.workspace, changes);
  return places;
}

async function assured(places: Places, parameters: Record<string, unknown> = {}) {
  const task = taskWith({ test: { command }, secretsKey: '0123456789abcdef', runs: 2, ...parameters });
  const { outcome, measurements } = await assurePerformance(places, task);
  return { report: performanceReportSchema.parse(outcome), measurements };
}

test('a subject that has not changed is within what it took, each time with the same outcome', async () => {
  const places = await changed(tiny, {});
  const [first, second] = [await assured(places), await assured(places)];
  expect(first.report).toEqual(second.report);
  expect(first.report).toMatchObject({
    load: 'within',
    memory: 'within',
    size: { verdict: 'within' },
    measured: true,
    degradations: 0,
    security: { secrets: [], calls: [], highRisk: 0 },
    rollback: { tested: true, broken: 0, missing: 0 },
    monitoring: { configured: true },
  });
  const run = { cpuMs: expect.any(Number), memoryBytes: expect.any(Number) };
  expect(first.measurements).toMatchObject({ before: [run, run], after: [run, run] });
  expect(JSON.stringify(first.measurements)).not.toContain('null');
});

test('a change that burns processor time and holds memory is degraded', async () => {
  const places = await changed(small, {
    'index.js': `exports.work = () => {
      const spent = () => process.cpuUsage().user + process.cpuUsage().system;
      const end = spent() + 900_000;
      global.held = Buffer.alloc(200 * 1024 * 1024, 1);
      while (spent() < end);
    };\n`,
  });
  const { report } = await assured(places, { runs: 1 });
  expect(report).toMatchObject({ load: 'degraded', memory: 'degraded', degradations: 2, measured: true });
});

test('a change whose tests fail is not measured, and the subject as it was still passes', async () => {
  const places = await changed(small, { 'index.js': 'exports.work = () => { throw new Error(); };\n' });
  const { report } = await assured(places, { runs: 1 });
  expect(report).toMatchObject({
    load: 'not-measured',
    memory: 'not-measured',
    measured: false,
    rollback: { tested: true },
    monitoring: { configured: false },
  });
});

test('a subject that does not pass any more as it was captured is nothing to roll back to', async () => {
  const places = await changed(small, {});
  writeFiles(places.before, { 'index.js': 'exports.other = 1;\n' });
  const { report } = await assured(places, { runs: 1 });
  expect(report.rollback).toEqual({ tested: false, broken: 1, missing: 0 });
});

test('tests that never end are not measured, and end in time', async () => {
  const places = await changed(small, { 'index.js': 'exports.work = () => { for (;;); };\n' });
  const { report } = await assured(places, { test: { command, seconds: 1 }, narrow: true });
  expect(report).toMatchObject({ load: 'not-measured', rollback: { tested: true } });
});

test('what a change adds of secrets, dangerous calls and bytes is found; what was there is not', async () => {
  const key = `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA'.repeat(8)}\n-----END RSA ${'PRIVATE'} KEY-----\n`;
  const places = await changed(
    { ...small, 'lib/old.js': "eval('1');\n", 'old.pem': key },
    {
      'lib/old.js': "eval('1'); // the same\n",
      'lib/new.js': "require('child_process');\neval('2');\n",
      'moved.pem': key,
      'new.pem': key.replaceAll('MIIEp', 'MIIEq'),
      'data.bin': 'x'.repeat(10_000),
    },
  );
  const { report } = await assured(places, { runs: 1 });
  expect(report.security.calls).toEqual([
    { danger: 'eval', file: 'lib/new.js', before: 0, after: 1 },
    { danger: 'child-process', file: 'lib/new.js', before: 0, after: 1 },
  ]);
  expect(new Set(report.security.secrets.map(({ file }) => file))).toEqual(new Set(['new.pem']));
  expect(report.security.highRisk).toBe(2 + report.security.secrets.length);
  expect(report).toMatchObject({ size: { verdict: 'degraded' }, degradations: 1 });
});

describe('a verdict', () => {
  test('asks for more than the tolerance by both measures', () => {
    const { load } = tolerances;
    expect(verdictOf(1000, 2000, load)).toBe('within');
    expect(verdictOf(1000, 2001, load)).toBe('degraded');
    expect(verdictOf(100, 350, load)).toBe('within');
    expect(verdictOf(100, 351, load)).toBe('degraded');
    expect(verdictOf(null, 1, load)).toBe('not-measured');
  });

  test('is by the cheapest run, and by none where one was not measured', () => {
    expect(cheapest([3, 2, 5])).toBe(2);
    expect(cheapest([3, null])).toBeNull();
    expect(cheapest([])).toBeNull();
  });
});
