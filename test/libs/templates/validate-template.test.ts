import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { largestTemplate } from '../../../libs/templates/check/read-text.js';
import type { TemplateProblem } from '../../../libs/templates/check/template-problem.js';
import { listTemplates } from '../../../libs/templates/load.js';
import { validateTemplate } from '../../../libs/templates/validate-template.js';
import { badTemplates } from './bad-templates/cases.js';
import { templates } from './random-templates.js';

const sound = readFileSync('test/libs/templates/bad-templates/sound.yaml', 'utf8');

const told = ({ line, column, path, reason }: TemplateProblem): string =>
  `${line}:${column} ${path || '/'}: ${reason}`;

const changed = (from: string, to: string): string => {
  expect(sound).toContain(from);
  return sound.replace(from, () => to);
};

describe('a sound template', () => {
  test('is read with its defaults, without problems or warnings', () => {
    const { template, problems, warnings } = validateTemplate(sound);
    expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
    expect(template).toMatchObject({
      name: 'sample',
      parallel: 3,
      repairs: 0,
      defaults: { timeout: '2 minutes' },
    });
  });

  test('is the same as JSON', () => {
    const json = JSON.stringify(parse(sound), null, 2);
    expect(validateTemplate(json).template).toEqual(validateTemplate(sound).template);
  });

  test.each(listTemplates().map(({ template }) => template.name))('is %s, which is shipped', (name) => {
    const text = readFileSync(`libs/templates/${name}.yaml`, 'utf8');
    expect(validateTemplate(text).problems).toEqual([]);
  });
});

describe('a bad template is told with its place and a sentence:', () => {
  // Not by `test.each`, which would cut their names.
  for (const { says, change, told: expected } of badTemplates)
    test(says, () => {
      const { template, problems } = validateTemplate(changed(...change));
      expect(problems.map(told)).toEqual(expected);
      expect(template).toBeNull();
    });

  test('in JSON at the same places as an editor shows', () => {
    const json = JSON.stringify({ ...parse(sound), parallel: 'three' }, null, 2);
    const [problem, ...others] = validateTemplate(json).problems;
    expect(others).toEqual([]);
    const line = json.split('\n').findIndex((text) => text.includes('"three"')) + 1;
    expect(problem).toMatchObject({ path: '/parallel', line, column: 15 });
  });

  test('everything at once, in the order of the text', () => {
    const text = sound
      .replace('title: Sample\n', '')
      .replace('parallel: 3', 'paralel: 3')
      .replace('depends_on: [gate]', 'depends_on: [gaet]')
      .replace('AND risk.level ==', 'AND risk.levle ==')
      .replace('fallback: guess', 'timeout: soon');
    expect(validateTemplate(text).problems.map(told)).toEqual([
      '1:1 /title: "title" is missing.',
      '12:10 /paralel: There is no field "paralel" here; did you mean "parallel"?',
      '27:14 /items/0/timeout: "soon" is not a duration from 1 ms to 24 hours, such as "30s" or "2 minutes".',
      '38:47 /items/2/condition: "risk" has no field "levle" at character 32; did you mean "level"?',
      '63:18 /items/5/depends_on/0: There is no item "gaet"; did you mean "gate"?',
    ]);
  });

  test.each([
    ['', '1:1 /: It is empty; a mapping is expected.'],
    ['- 1', '1:1 /: It is a list; a mapping is expected.'],
    ['x: &a [*a]', '1:8 /x/0/0: It is nested more than 100 levels deep.'],
    ['['.repeat(20_000), '1:1 /: It is nested too deeply.'],
    [`{"x":${'['.repeat(200)}${']'.repeat(200)}}`, '1:8 /x/0/0: It is nested more than 100 levels deep.'],
    ['x: 1\n---\nx: 2', '2:1 /x: Source contains multiple documents; please use YAML.parseAllDocuments().'],
    [' '.repeat(largestTemplate + 1), `1:1 /: It is larger than ${largestTemplate} bytes.`],
  ])('text that is no template: %.20j', (text, expected) => {
    expect(validateTemplate(text).problems.map(told)).toEqual([expected]);
  });

  test('aliases that stand for ever more', () => {
    const bomb = Array.from(
      { length: 9 },
      (_, level) =>
        `a${level}: &a${level} [${Array(9)
          .fill(level === 0 ? 'x' : `*a${level - 1}`)
          .join(', ')}]`,
    ).join('\n');
    expect(validateTemplate(bomb).problems.map(told)).toEqual([
      '1:1 /: Its aliases stand for too much, or for themselves; write out what they stand for.',
    ]);
  });

  test('more aliases than anybody writes, at once', () => {
    const text = `x: &x 1\ny: [${Array(20_000).fill('*x').join(', ')}]`;
    expect(validateTemplate(text).problems.map(told)).toEqual([
      '1:1 /: It has more than 100 aliases; write out what they stand for.',
    ]);
  });

  test('items that once candidates are written out are too many', () => {
    const [first] = parse(sound).items;
    const candidates = Object.fromEntries([...'ABCDEF'].map((letter) => [letter, { capability: 'improve' }]));
    const items = Array.from({ length: 900 }, (_, at) => ({
      ...first,
      id: `i-${at}`,
      fallback: undefined,
      candidates,
    }));
    const { problems } = validateTemplate(
      JSON.stringify({ ...parse(sound), items, consumers: [], routes: [] }),
    );
    expect(problems.map(told)).toEqual([
      expect.stringMatching(
        /^\d+:\d+ \/items: They stand for 5400 items once candidates are written out; 5000 are possible\.$/,
      ),
    ]);
  });
});

describe('a template that may not be meant so is warned of:', () => {
  const warned = (text: string): string[] => {
    const { problems, warnings } = validateTemplate(text);
    expect(problems).toEqual([]);
    return warnings.map(told);
  };

  test('branches with no default, with facts for which none is taken', () => {
    const text = changed("NOT (risk.confidence > 0.8 AND risk.level == 'HIGH')", "risk.level == 'LOW'");
    expect(warned(text)).toEqual([
      '39:16 /items/2/condition: None of the branches over risk (high, low) is taken where risk.confidence is 0.8 and ' +
        `risk.level is "HIGH". A default has the condition NOT (risk.confidence > 0.8 AND risk.level == 'HIGH' OR risk.level == 'LOW').`,
    ]);
  });

  test('a condition that always holds', () => {
    const text = changed(
      "condition: NOT (risk.confidence > 0.8 AND risk.level == 'HIGH')",
      'condition: risk.confidence >= 0',
    );
    expect(warned(text)).toContain('47:16 /items/3/condition: It always holds, so it can be left out.');
  });

  test('a category whose discoveries nobody would take up', () => {
    expect(
      warned(changed('research: { title: Research }', 'research: { title: Research }\n  lost: {}')),
    ).toEqual([
      '16:9 /categories/lost: No item has the category "lost" and no consumer takes up its discoveries, so they would never be done.',
    ]);
  });
});

describe('random templates', () => {
  test('that are sound are accepted, as YAML and as JSON', () => {
    fc.assert(
      fc.property(templates, (template) => {
        expect(validateTemplate(JSON.stringify(template)).problems).toEqual([]);
        expect(validateTemplate(stringify(template)).problems).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test('that differ in one place never break the check, and each problem has a place in the text', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(5),
        fc.constantFrom('', ':', '\n', '"', '\t- x', '[', '0', ': {', '&a *a'),
        (at, cut, put) => {
          const place = at % sound.length;
          const text = sound.slice(0, place) + put + sound.slice(place + cut);
          const { template, problems } = validateTemplate(text);
          expect(template === null).toBe(problems.length > 0);
          const lines = text.split('\n');
          for (const { line, column, reason } of problems) {
            expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? -1) + 1);
            expect(reason).toMatch(/[.?]$/);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('of which one value is another never break the check', () => {
    const values = [null, true, 0, -1, '', 'x', [], {}, ['x'], { x: 1 }, { kind: 'agent' }];
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...values), (at, value) => {
        const template = parse(sound);
        const places = placesIn(template);
        const [parent, name] = places[at % places.length] ?? [template, 'name'];
        Reflect.set(parent, name, value);
        const { problems } = validateTemplate(JSON.stringify(template));
        for (const { line, column } of problems) expect([line >= 1, column >= 1]).toEqual([true, true]);
      }),
      { numRuns: 100 },
    );
  });
});

function placesIn(value: unknown): (readonly [object, string])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, below]) => [[value, name] as const, ...placesIn(below)]);
}
