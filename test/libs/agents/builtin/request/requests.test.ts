import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deconstruct } from '../../../../../libs/agents/builtin/request/deconstruct.js';
import { diagnose } from '../../../../../libs/agents/builtin/request/diagnose.js';
import { improveRequest } from '../../../../../libs/agents/builtin/request/improve-request.js';
import { placesFor, taskWith } from '../../support/places.js';
import { improve } from './improve.js';

const good = `Make our README say how to install the package with npm and with Docker.
It must not be longer than 60 lines. The commands are those of \`docs/install.md\`.

A new user on Linux can follow it without asking anybody.
`;
const vague = `Make it better and faster, with some nice features etc. Fix stuff as needed.
`;
const contradictory = `Write a report of the errors in \`logs/app.log\` for operators.
The report must be at most 2 pages. The report is at least 5 pages.
The script must not use the network. The script must use the network.
It is done when the report lists every error once.
`;
const structured = `# Search for the shop

## Background

Customers leave because the search is slow. Today it takes 4 seconds on \`shop.example\`.

## Task

Build a search page for customers. It shows:

- the name of each item
- a picture, if possible

Call it like this:

\`\`\`sh
curl https://shop.example/search?q=hat
\`\`\`

## Requirements

1. A search must take at most 300 ms.
2. Only PostgreSQL 16.2.1 may be used.

## Done when

- [ ] All tests in \`test/search\` pass.
- [x] The page is listed when a customer logs in.

What about images?

> Keep it simple, said the boss.
`;

/** Kind, rule, severity, place and words of each finding. */
const findings = (text: string) =>
  diagnose(text).findings.map(({ kind, rule, severity, line, column, text: words }) =>
    [kind, rule, severity, `${line}:${column}`, words].join(' | '),
  );
const scores = (text: string) => {
  const { deconstruct: a, diagnose: b, develop: c, deliver: d } = improve(text);
  return { scores: [a.score, b.score, c.score, d.score], overall: d.overall, accepted: d.accepted };
};
const sectionsOf = (text: string) =>
  deconstruct(text).units.map(({ section, text: said }) => `${section}: ${said}`);

describe('a good request', () => {
  test('has its parts, each with its place', () => {
    const { parts, goals, names, quantities } = deconstruct(good);
    expect(parts.map(({ part, line, column, text }) => `${part} ${line}:${column} ${text}`)).toEqual([
      'goal verb 1:1 make',
      'goal object 1:6 our README say how to install the package with npm and with Docker',
      'outputs 1:10 README',
      'names 1:10 README',
      'constraints 2:4 must not',
      'constraints 2:4 must not be longer than 60 lines',
      'context 2:38 The commands are those of `docs/install.md`.',
      'names 2:64 docs/install.md',
      'criteria 4:21 can follow',
      'constraints 4:35 without',
      'audience 4:7 user',
    ]);
    expect(goals).toEqual([
      {
        sentence: 1,
        line: 1,
        column: 1,
        verb: 'make',
        object: 'our README say how to install the package with npm and with Docker',
      },
    ]);
    expect(names.map(({ kind, text }) => [kind, text])).toEqual([
      ['path', 'README'],
      ['path', 'docs/install.md'],
    ]);
    expect(quantities).toMatchObject([
      { comparator: 'at most', value: 60, unit: 'lines', line: 2, column: 4 },
    ]);
  });

  test('has no finding, and becomes a specification with every sentence in its section', () => {
    expect(findings(good)).toEqual([]);
    expect(improve(good).develop.text).toBe(`# Request

## Goal

- Make our README say how to install the package with npm and with Docker. *(line 1)*

## Context

- The commands are those of \`docs/install.md\`. *(line 2)*

## Constraints

- It must not be longer than 60 lines. *(line 2)*

## Inputs

*(nothing is said)*

## Outputs

*(nothing is said)*

## Acceptance criteria

- [ ] A new user on Linux can follow it without asking anybody. *(line 4)*

## Open questions

*(nothing is said)*
`);
    expect(scores(good)).toEqual({ scores: [95, 100, 100, 98], overall: 98, accepted: true });
  });
});

describe('a vague request', () => {
  test('is found to be so, word by word, and is not accepted', () => {
    expect(findings(vague)).toEqual([
      'missing | criteria | high | 1:1 | ',
      'missing | outputs | medium | 1:1 | ',
      'missing | constraints | medium | 1:1 | ',
      'ambiguous | reference | medium | 1:6 | it',
      'vague | quality | medium | 1:9 | better',
      'vague | measure | medium | 1:20 | faster',
      'vague | amount | medium | 1:33 | some',
      'vague | quality | medium | 1:38 | nice',
      'vague | open list | medium | 1:52 | etc.',
      'vague | thing | medium | 1:61 | stuff',
      'vague | condition | medium | 1:67 | as needed',
    ]);
    const { deconstruct: taken, deliver: delivered } = improve(vague);
    expect(taken).toMatchObject({ score: 35, passed: false });
    expect(delivered.accepted).toBe(false);
  });

  test('is asked for what is missing; nothing is invented', () => {
    const { develop: made } = improve(vague);
    expect(made.questions).toEqual([
      'What must hold so that the result is accepted?',
      'What is handed over in the end, and in which form?',
      'Which limits hold, such as time, size or cost?',
      'What does "it" refer to?',
      'How is it checked that something is "better"?',
      'What does "faster" mean, as a number with a unit?',
      'How many, or how much, is "some"?',
      'How is it checked that something is "nice"?',
      'What else belongs to the list that ends with "etc."?',
      'What exactly is meant by "stuff"?',
      'In which cases does "as needed" apply?',
    ]);
    const lines = made.text.split('\n').filter((line) => line.startsWith('- '));
    expect(lines.slice(0, 2)).toEqual([
      '- Make it better and faster, with some nice features etc. *(line 1)*',
      '- Fix stuff as needed. *(line 1)*',
    ]);
    expect(lines).toHaveLength(2 + made.questions.length);
  });
});

describe('a contradictory request', () => {
  test('is found to be so in limits and in demands, with both places', () => {
    expect(
      diagnose(contradictory).findings.map(({ line, column, text, says }) => [
        `${line}:${column}`,
        text,
        says,
      ]),
    ).toEqual([
      [
        '2:51',
        'at least 5 pages',
        'It contradicts line 2: "at least 5 pages" and "at most 2 pages" cannot both hold.',
      ],
      [
        '3:49',
        'must use the network.',
        'It contradicts line 3: "use network" and "not: use network" cannot both hold.',
      ],
    ]);
    expect(scores(contradictory)).toMatchObject({ accepted: false });
    expect(diagnose(contradictory)).toMatchObject({ score: 60, deductions: { contradictory: 40 } });
  });

  test.each([
    'The page must load in at most 2 s. The page must load in at most 5 s.',
    'The file must have exactly 3 lines. The file must have at most 2 lines.',
    'The page must load within 2 s. The page must load within 3000 ms.',
    'The report must be below 2 pages. The report must be at least 2 pages.',
    'The tool always asks first. The tool never asks first.',
    'Do not change the API. You must change the API.',
    'The tool must ask first, but must not ask first.',
  ])('%s', (text) => {
    expect(diagnose(text).findings.filter(({ kind }) => kind === 'contradictory')).toHaveLength(1);
  });

  test.each([
    'The page must load within 2 s. The report must load within 5 s.',
    'The page must load within 2 s. The page must print within 5 s.',
    'The page must have at least 2 lines. The page must have at most 5 lines.',
    'The page must load within 2 s. The page must load within 2000 ms.',
    'Today the page loads in 9 s. The page must load within 2 s.',
    'The page must use the cache. The tool must not use the cache.',
    'The page must be new. It must not use the cache.\n\nIt must use the cache.',
  ])('is not this one: %s', (text) => {
    expect(diagnose(text).findings.filter(({ kind }) => kind === 'contradictory')).toEqual([]);
  });
});

test('a request that hardly says anything is taken apart too, and blocked', () => {
  expect(findings('Hello.\n')).toEqual([
    'missing | goal | high | 1:1 | ',
    'missing | criteria | high | 1:1 | ',
    'missing | outputs | medium | 1:1 | ',
    'missing | constraints | medium | 1:1 | ',
  ]);
  expect(scores('Hello.\n')).toEqual({ scores: [5, 25, 100, 34], overall: 46, accepted: false });
  expect(scores('***\n')).toMatchObject({ scores: [0, 25, 100, 32], accepted: false });
});

describe('a request in Markdown', () => {
  test('keeps to its own sections; a list belongs to what introduces it, code to what is before it', () => {
    expect(sectionsOf(structured)).toEqual([
      'context: Search for the shop',
      'context: Customers leave because the search is slow.',
      'context: Today it takes 4 seconds on `shop.example`.',
      'goal: Build a search page for customers.',
      'goal: It shows:',
      'goal: the name of each item',
      'goal: a picture, if possible',
      'goal: Call it like this:',
      'goal: ```sh\ncurl https://shop.example/search?q=hat\n```',
      'constraints: A search must take at most 300 ms.',
      'constraints: Only PostgreSQL 16.2.1 may be used.',
      'criteria: All tests in `test/search` pass.',
      'criteria: The page is listed when a customer logs in.',
      'questions: What about images?',
      'questions: > Keep it simple, said the boss.',
    ]);
    expect(findings(structured)).toEqual([
      'vague | measure | low | 5:39 | slow',
      'vague | condition | medium | 12:14 | if possible',
      'open | question | low | 30:1 | What about images?',
    ]);
  });

  test('becomes a specification in which lists, code, ticks and quotes are as they were', () => {
    const { text } = improve(structured).develop;
    expect(text).toMatch(/^# Search for the shop\n/);
    expect(text).toContain(`- It shows: *(line 9)*
  - the name of each item *(line 11)*
  - a picture, if possible *(line 12)*
- Call it like this: *(line 14)*

  \`\`\`sh
  curl https://shop.example/search?q=hat
  \`\`\`
`);
    expect(text).toContain(`- [ ] All tests in \`test/search\` pass. *(line 27)*
- [x] The page is listed when a customer logs in. *(line 28)*
`);
    expect(text).toContain(`- What about images? *(line 30)*

  > Keep it simple, said the boss.

- What does "slow" mean, as a number with a unit? *(line 5)*
`);
    expect(scores(structured)).toMatchObject({ accepted: true });
  });
});

describe('a very long request', () => {
  const sentences = Array.from(
    { length: 280 },
    (_, at) => `Add the page number ${at} to the report, which some people of group ${at} want to see soon.`,
  );
  const long = sentences.join('\n').slice(0, 20_000);

  test('is improved as a whole; what all ask is asked once, with every line', () => {
    const { deconstruct: taken, develop: made } = improve(long);
    expect(taken.units.length).toBeGreaterThan(200);
    expect(made.units).toEqual({ all: taken.units.length, kept: taken.units.length });
    expect(made.questions).toContain('When exactly is "soon"?');
    expect(made.questions).toHaveLength(4);
    expect(made.text).toMatch(/- When exactly is "soon"\? \*\(lines 1, 2, 3, /);
  });

  test('is asked at most 50 questions, and loses score for the rest', () => {
    const different = ['lines', 'words', 'pages', 'files']
      .flatMap((noun) => Array.from({ length: 8 }, (_, at) => `The report must have exactly ${at} ${noun}.`))
      .join(' ');
    const { develop: made, diagnose: found } = improve(different);
    expect(found.findings.length).toBeGreaterThan(50);
    expect(made.questions).toHaveLength(50);
    expect(made.findings.asked).toBeLessThan(made.findings.all);
    expect(made.score).toBeLessThan(100);
  });
});

test('a measurable constraint stands for a criterion where the request has none', () => {
  const { develop: made, deliver: delivered } = improve(
    'Write a report for the team. It must be at most 2 pages. It must be fast.',
  );
  expect(made.findings).toEqual({ all: 2, resolved: 1, asked: 1 });
  expect(made.text).toContain('## Acceptance criteria\n\n- [ ] It must be at most 2 pages. *(line 1)*\n');
  expect(delivered.deconstruct.after).toBe(delivered.deconstruct.before + 20);
});

test.each([
  ['Keep it small: at most 2 MB.', []],
  ['Use "some" as the label.', []],
  ['At most 3 things.', ['things']],
  ['The word `fast` is code.', []],
  ['It breaks ASAP, i.e. as soon as\npossible.', ['ASAP', 'as soon as possible']],
  ['TBD, perhaps and/or ???', ['TBD', 'perhaps', 'and/or', '???']],
  ['A breakfast somewhere.', ['somewhere']],
])('vague in %j are %j', (text, words) => {
  expect(
    diagnose(text)
      .findings.filter(({ kind }) => kind === 'vague')
      .map(({ text: word }) => word),
  ).toEqual(words);
});

test.each([
  ['See `a.b`. It e.g. works.', 2],
  ['One. two is no sentence. Three.', 2],
  ['Version 1.2.3 of a.b.c is out. Get it!', 2],
  ['**One. Two.** Three.', 2],
  ['一つ。二つ。', 2],
  ['Goal: write it.\nOutput: a file.', 2],
  ['One  \ntwo', 2],
  ['One\ntwo', 1],
  ['- a\n- b. C\n\n> d. E', 4],
])('%j has %i sentences', (text, count) => {
  expect(deconstruct(text).units).toHaveLength(count);
});

describe('what a request asks for', () => {
  test.each([
    ['Please could you add a page, which is new?', 'add', 'a page'],
    ["I'd like you to **write** the docs.", 'write', 'the docs'],
    ['Your task is to fix `a.js`.', 'fix', '`a.js`'],
    ['Make it faster.', 'make', ''],
    ['Goal: reduce the size without loss', 'reduce', 'the size'],
  ])('by %j is to %s %j', (text, verb, object) => {
    expect(deconstruct(text).goals).toMatchObject([{ verb, object }]);
  });

  test.each(['Test results are stored.', 'The fix is in.', 'Do not add a page.', 'Use npm.'])(
    'is not told by %j',
    (text) => {
      expect(deconstruct(text).goals).toEqual([]);
    },
  );
});

test('a step reads the request from the workspace, and the last one writes the specification there', async () => {
  const places = placesFor({ 'request.md': good.replaceAll('\n', '\r\n') });
  for (const step of ['deconstruct', 'diagnose', 'develop', 'deliver']) {
    const { outcome } = await improveRequest(places, taskWith({ step }));
    writeFileSync(join(places.inputs, `${step}.json`), JSON.stringify(outcome));
  }
  expect(readFileSync(join(places.workspace, 'request.md'), 'utf8')).toBe(improve(good).develop.text);
});

test('a workspace without a request, and an outcome that is none, are refused', async () => {
  await expect(
    improveRequest(placesFor({ 'a.md': 'A.' }), taskWith({ step: 'diagnose' })),
  ).rejects.toMatchObject({
    code: 'SubjectInvalid',
  });
  for (const deep of ['> ', '>', '1. ', '+ '])
    await expect(
      improveRequest(
        placesFor({ 'request.md': `Hello.\n\n${deep.repeat(60)}a\n` }),
        taskWith({ step: 'diagnose' }),
      ),
    ).rejects.toMatchObject({ code: 'SubjectInvalid', message: expect.stringContaining('50 levels') });
  const places = placesFor({ 'request.md': good });
  writeFileSync(join(places.inputs, 'deconstruct.json'), '{"kind":"request-deconstruct"}');
  await expect(improveRequest(places, taskWith({ step: 'develop' }))).rejects.toMatchObject({
    code: 'InputInvalid',
    message: expect.stringContaining('/score'),
  });
});
