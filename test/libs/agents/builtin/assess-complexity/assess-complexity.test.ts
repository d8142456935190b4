import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyseArchitecture } from '../../../../../libs/agents/builtin/architecture/analyse-architecture.js';
import { assessComplexity } from '../../../../../libs/agents/builtin/assess-complexity/assess-complexity.js';
import { analyseCode } from '../../../../../libs/agents/builtin/code/analyse-code.js';
import { complexityReportSchema } from '../../../../../libs/contracts/reports/assurance.js';
import { placesFor, taskWith, tiny } from '../../support/places.js';

async function assessed(subject: string | Record<string, string>, parameters: Record<string, unknown> = {}) {
  const places = placesFor(subject);
  for (const [name, analyse] of [
    ['architecture', analyseArchitecture],
    ['code', analyseCode],
  ] as const) {
    const { outcome } = await analyse(places, taskWith());
    writeFileSync(join(places.inputs, `${name}.json`), JSON.stringify(outcome));
  }
  const { outcome } = await assessComplexity(places, taskWith(parameters));
  return complexityReportSchema.parse(outcome);
}

const valuesOf = ({ measures }: { measures: { measure: string; value: number }[] }): object =>
  Object.fromEntries(measures.map(({ measure, value }) => [measure, value]));

test('a small library with little to change is not complex', async () => {
  const report = await assessed(tiny);
  expect(report).toMatchObject({ complex: false, reasons: [] });
  expect(valuesOf(report)).toEqual({
    files: 5,
    lines: 77,
    cyclomatic: 21,
    integrationPoints: 1,
    filesToChange: 4,
  });
});

test('a library with many files to change is, and says why', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 45 }, (_, index) => [`lib/f${index}.js`, 'var a = 1;\nexports.a = a == 2;\n']),
  );
  const { complex, reasons } = await assessed(many);
  expect(complex).toBe(true);
  expect(reasons).toEqual([
    '45 files of the library, more than 40.',
    '45 files with something to change, more than 25.',
  ]);
});

test('a bound is passed only above it, and can be given', async () => {
  expect((await assessed(tiny, { bounds: { files: 5, cyclomatic: 21 } })).complex).toBe(false);
  expect((await assessed(tiny, { bounds: { files: 4 } })).reasons).toEqual([
    '5 files of the library, more than 4.',
  ]);
});

test('in a narrower scope it looks at files and lines, and needs no report for that', async () => {
  const { outcome } = await assessComplexity(placesFor(tiny), taskWith({ narrow: true }));
  expect(valuesOf(complexityReportSchema.parse(outcome))).toEqual({ files: 5, lines: 77 });
});
