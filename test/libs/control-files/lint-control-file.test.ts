import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ControlFileName } from '../../../libs/contracts/control-files.js';
import type { ControlItem } from '../../../libs/control-files/control-item.js';
import { lintControlBytes } from '../../../libs/control-files/lint-control-bytes.js';
import { lintControlFile } from '../../../libs/control-files/lint-control-file.js';
import { orderOf } from '../../../libs/control-files/order-of.js';
import { parseSop } from '../../../libs/control-files/parse-sop.js';
import { parseTodo } from '../../../libs/control-files/parse-todo.js';
import { printTodo } from '../../../libs/control-files/print-todo.js';

const problems = (file: ControlFileName, text: string): string[] =>
  lintControlFile(file, text).problems.map(({ line, column, says }) => `${line}:${column} ${says}`);

const head = '# Release\n\nHow a release is made.\n\n';

describe('a procedure', () => {
  it('is read with title, purpose, and what each step says', () => {
    const text = `${head}1. Build the *library*
   in one folder.
   - command: \`npm run build\`
   - done: \`test -d dist\`
2. Write the notes.
   - done: The notes name every change.
   - after: none
   - priority: high
3. Tag it.
   - command: git tag v1
   - after: 1, 2
`;
    const { title, purpose, items, problems: found } = parseSop(text);
    expect({ title, purpose, found }).toEqual({
      title: 'Release',
      purpose: 'How a release is made.',
      found: [],
    });
    const none = { done: null, check: null, command: null, priority: 'normal', tags: [], open: true };
    expect(items).toEqual([
      {
        ...none,
        ...{ number: 1, line: 5, column: 1, text: 'Build the *library* in one folder.', after: [] },
        ...{ command: 'npm run build', check: 'test -d dist' },
      },
      {
        ...none,
        ...{ number: 2, line: 9, column: 1, text: 'Write the notes.', after: [] },
        ...{ done: 'The notes name every change.', priority: 'high' },
      },
      { ...none, number: 3, line: 13, column: 1, text: 'Tag it.', after: [1, 2], command: 'git tag v1' },
    ]);
  });

  it('has each step after the one before, where nothing else is said', () => {
    const { items } = parseSop(`${head}1. One.\n2. Two.\n3. Three.\n`);
    expect(items.map(({ after }) => after)).toEqual([[], [1], [2]]);
  });

  it.each([
    [
      'nothing in it',
      '',
      [
        '1:1 It has no heading that names the procedure.',
        '1:1 No paragraph before the steps says what the procedure is for.',
        '1:1 It has no numbered steps.',
      ],
    ],
    [
      'a list without numbers',
      `${head}- Build.\n`,
      ['1:1 It has no numbered steps.', '5:1 This list has no numbers, so its items are no steps.'],
    ],
    [
      'a step that nobody can check',
      `${head}1. Build.\n`,
      ['5:1 Step 1 has neither "done" nor "command", so nobody can check that it is done.'],
    ],
    ['a step that says nothing', `${head}1.\n2. Two.\n   - command: x\n`, ['5:1 Step 1 says nothing.']],
    [
      'the same step twice',
      `${head}1. Build it.\n   - command: x\n2. Build  IT.\n   - command: x\n`,
      ['7:1 Step 2 says the same as step 1.'],
    ],
    [
      'a number that there is not',
      `${head}1. Build.\n   - command: x\n   - after: 7\n`,
      ['5:1 Step 1 waits for 7, and there is no step 7.'],
    ],
    [
      'a circle',
      `${head}1. One.\n   - command: x\n   - after: 2\n2. Two.\n   - command: x\n`,
      ['5:1 Step 1 waits for itself.', '8:1 Step 2 waits for itself.'],
    ],
    [
      'a key that is none, one that is said twice, and a line that is no key',
      `${head}1. One.\n   - command: x\n   - owner: me\n   - command: y\n   - quickly\n`,
      [
        '7:4 "owner" is no key of a step, which are done, command, after, priority.',
        '8:4 "command" is said twice; the first counts.',
        '9:4 This is not one of done, command, after, priority with a value behind a colon.',
      ],
    ],
    [
      'values that are none',
      `${head}1. One.\n   - command:\n   - after: soon\n   - priority: medium\n   - done: yes\n`,
      [
        '5:1 "yes" does not say how it is checked that step 1 is done.',
        '6:4 "command" has no value.',
        '7:4 "soon" is not a list of numbers such as "1, 2".',
        '8:4 "medium" is no priority, which are low, normal, high, urgent, critical.',
      ],
    ],
    [
      'a step that is too long',
      `${head}1. ${'a'.repeat(401)}\n   - command: x\n`,
      ['5:1 Step 1 says something of more than 400 characters.'],
    ],
  ])('with %s is told with line and column', (_, text, expected) => {
    expect(problems('.sop', text)).toEqual(expected);
  });
});

describe('a backlog', () => {
  it('is read with what stands at the end of each item', () => {
    const text = `# Soon

- [ ] Mend the parser (see the notes) (priority: high) (done: \`npm test\`) #bug #parser
  - [x] Find out why
- [ ] Say so in the guide (done: It names the parser.) (blocked by: #1, #2) (command: \`echo "(a)" > b\`)
`;
    const { items, problems: found } = parseTodo(text);
    expect(found).toEqual([]);
    const none = {
      done: null,
      check: null,
      command: null,
      priority: 'normal',
      after: [],
      tags: [],
      open: true,
    };
    expect(items).toEqual([
      {
        ...none,
        ...{ number: 1, line: 3, column: 1, text: 'Mend the parser (see the notes)' },
        ...{ priority: 'high', check: 'npm test', tags: ['bug', 'parser'] },
      },
      { ...none, number: 2, line: 4, column: 3, text: 'Find out why', open: false },
      {
        ...none,
        ...{ number: 3, line: 5, column: 1, text: 'Say so in the guide', done: 'It names the parser.' },
        ...{ after: [1, 2], command: 'echo "(a)" > b' },
      },
    ]);
  });

  it.each([
    ['nothing in it', 'Later.\n', ['1:1 It has no items such as "- [ ] text".']],
    [
      'items that are no tasks',
      '- [ ] One\n- Two\n- [-] Three\n',
      [
        '2:1 This is no task: it begins with neither [ ] nor [x].',
        '3:1 This is no task: it begins with neither [ ] nor [x].',
      ],
    ],
    [
      'items that say nothing',
      '- [ ] One\n- [ ]\n-\n- [ ] #tag\n',
      ['2:1 This item says nothing.', '3:1 This item says nothing.', '4:1 This item says nothing.'],
    ],
    [
      'a key that is none',
      '- [ ] One (owner: me)\n',
      ['1:1 "owner" is no key of an item, which are priority, done, blocked by, command.'],
    ],
    [
      'a key that is said twice',
      '- [ ] One (priority: high) (priority: low)\n',
      ['1:1 "priority" is said twice; the last counts.'],
    ],
    [
      'items that wait for each other, and for none',
      '- [ ] One (blocked by: #2)\n- [ ] Two (blocked by: #1, #9)\n',
      [
        '1:1 Item 1 waits for itself.',
        '2:1 Item 2 waits for 9, and there is no item 9.',
        '2:1 Item 2 waits for itself.',
      ],
    ],
  ])('with %s is told with line and column', (_, text, expected) => {
    expect(problems('.todo', text)).toEqual(expected);
  });

  it('is read up to 200 items', () => {
    const text = Array.from({ length: 202 }, (__, index) => `- [ ] Item ${index}\n`).join('');
    expect(lintControlFile('.todo', text).items).toHaveLength(200);
    expect(problems('.todo', text)).toEqual([
      '201:1 It has 202 items; from here on they are not read, as 200 are.',
    ]);
  });

  const piece = fc.constantFrom(
    ...[
      '- [ ] ',
      '- [x] ',
      '1. [ ] ',
      '- ',
      '  ',
      '\n',
      '\t',
      '> ',
      '# ',
      '`',
      '(',
      ')',
      '#a',
      '#1',
      ' ',
      '\\',
      '*',
    ],
    ...['(priority: high)', '(priority: none)', '(done: `a b`)', '(done: it is shown)', '(command: a `b` c)'],
    ...[
      '(blocked by: #1, 2)',
      '(other: b)',
      'text',
      '| a |\n|-|\n',
      '```\n',
      '<b>',
      '[a]: b',
      '---\n',
      '\u00a0',
      '\r',
    ],
  );
  const texts = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    fc.array(piece, { maxLength: 12 }).map((pieces) => `- [ ] ${pieces.join('')}`),
    fc.string({ unit: 'binary', maxLength: 200 }),
  );
  const what = ({ line: _, column: __, ...item }: ControlItem) => item;

  it('that is printed reads as the same items', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { items } = parseTodo(text);
        expect(parseTodo(printTodo(items)).items.map(what)).toEqual(items.map(what));
      }),
      { numRuns: 2000 },
    );
  });

  it('is read whatever it is, and problems are at places in it', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom<ControlFileName>('.sop', '.todo'), (text, file) => {
        const lines = text.split(/\r\n|\r|\n/).length;
        for (const { line } of lintControlFile(file, text).problems) expect(line).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 1000 },
    );
  });
});

test('a file that would take the parser long is not read', () => {
  expect(problems('.todo', 'a'.repeat(50_001))).toEqual([
    '1:1 It has 50001 characters; 50000 are read. Nothing of it is.',
  ]);
  expect(problems('.todo', '\n'.repeat(2000))).toEqual([
    '2001:1 It has 2001 lines; 2000 are read. Nothing of it is.',
  ]);
  expect(problems('.sop', `# A\n${'> '.repeat(1000)}\n`)).toEqual([
    '2:1 It is nested too deeply. Nothing of the file is read.',
  ]);
});

const tedious = [
  ...['[', '![', '*a ', '`a', '<a', '&', '(a: ', '- [ ] ', '_a_*', '~a~~', '[^a', '[a](', '(done: `', '#a '],
  ...['- a\n', '- [ ] a\n\n', '1. a\n   - command: a\n', '> a\n', '|a|\n|-|\n', '[a]: b\n', 'a\n', '    a\n'],
  ...['www.a.b ', 'a@b.c ', '<a>\n', '```\n', '- [ ] a\n  #b\n', '\\', 'a:b '],
];

test.each(tedious)('a file full of %j is read in seconds', (piece) => {
  const start = performance.now();
  const lines = piece.split('\n').length - 1;
  const times = Math.min(50_000 / piece.length, lines > 0 ? 1999 / lines : 50_000);
  for (const file of ['.sop', '.todo'] as const)
    expect(problems(file, piece.repeat(times)).join()).not.toContain('Nothing of');
  expect(performance.now() - start).toBeLessThan(3000);
});

test('a file that is no text is named as such', () => {
  expect(lintControlBytes('.todo', new Uint8Array([0xff, 0xfe])).problems).toEqual([
    { line: 1, column: 1, says: 'It is not text in UTF-8. Nothing of it is read.' },
  ]);
});

test('what is urgent comes first, behind what it waits for; what waits for itself is left out', () => {
  const { items } = parseTodo(
    [
      '- [ ] One',
      '- [ ] Two (priority: urgent) (blocked by: #3)',
      '- [ ] Three (priority: low)',
      '- [ ] Four (blocked by: #5)',
      '- [ ] Five (blocked by: #4)',
      '- [ ] Six (priority: high)',
    ].join('\n'),
  );
  expect(orderOf(items).map(({ number }) => number)).toEqual([6, 1, 3, 2]);
});
