import { describe, expect, it } from 'vitest';
import { goals, parseSentence, verbs } from '../../../libs/intake/parse-sentence.js';

const said = (sentence: string) => {
  const { place, ...rest } = parseSentence(sentence);
  expect(sentence.slice(...place)).toContain(rest.subject.slice(0, 1));
  return rest;
};

describe('a sentence', () => {
  it.each([
    ['review npm:ejs@1.0.0 and fix what is wrong', { subject: 'npm:ejs@1.0.0' }],
    ['Please REVIEW npm:ejs@1.0.0.', { subject: 'npm:ejs@1.0.0' }],
    ['  clean up ./folder and clean it up!  ', { subject: './folder' }],
    ['check .', { subject: '.' }],
    ['fix ..', { subject: '..' }],
    [`review "/a folder/with spaces" and repair it.`, { subject: '/a folder/with spaces' }],
    [
      'improve npm:uuid@3.0.1 with tests "mocha test/test.js" using mocha@3.5.3',
      { subject: 'npm:uuid@3.0.1', test: { command: 'mocha test/test.js', tools: { mocha: '3.5.3' } } },
    ],
    [
      'review /x and fix it with tests "tape \\"a b\\".js" using tape@4.17.0, tap@npm:tape@4.17.0 and @scope/x@1.',
      {
        subject: '/x',
        test: {
          command: 'tape "a b".js',
          tools: { tape: '4.17.0', tap: 'npm:tape@4.17.0', '@scope/x': '1' },
        },
      },
    ],
    [
      "audit git+https://host/a.git#main with test 'npm test'",
      { subject: 'git+https://host/a.git#main', test: { command: 'npm test', tools: {} } },
    ],
  ])('says: %s', (sentence, meaning) => {
    expect(said(sentence)).toEqual(meaning);
  });

  it.each(verbs)('may begin with %s', (verb) => {
    expect(said(`${verb} npm:a@1.0.0`).subject).toBe('npm:a@1.0.0');
  });

  it.each(goals)('may ask to %s', (goal) => {
    expect(said(`review npm:a@1.0.0 and ${goal}`).subject).toBe('npm:a@1.0.0');
  });
});

describe('what is not understood', () => {
  it.each([
    ['', 'at its end, where a verb is missing'],
    ['hello', 'at "hello"'],
    ['review', 'at its end, where the subject is missing'],
    ['review npm:a@1 and make it faster', 'at "make"'],
    ['review npm:a@1 then deploy it', 'at "then"'],
    ['review npm:a@1 and fix it and delete everything', 'at "and"'],
    ['review npm:a@1 with tests', 'at its end, where the test command is missing'],
    ['review npm:a@1 with tests mocha', 'at "mocha"'],
    ['review npm:a@1 with tests ""', 'at ""'],
    ['review npm:a@1 with tests "x" using mocha', 'at "mocha"'],
    ['review npm:a@1 with tests "x" using mocha@1,', 'at its end, where a tool is missing'],
    ['"review" npm:a@1', 'at "review"'],
  ])('is refused with the place and an example: %s', (sentence, where) => {
    expect(() => parseSentence(sentence)).toThrow(
      expect.objectContaining({
        code: 'RequestNotUnderstood',
        message: expect.stringMatching(/A request reads: .* For example: review npm:ejs@1\.0\.0/s),
        problems: [{ path: '/request', reason: expect.stringContaining(where) }],
      }),
    );
  });

  it('has an example that is itself understood', () => {
    try {
      parseSentence('nonsense');
      expect.unreachable();
    } catch (error) {
      const example = /For example: (.*)$/s.exec(String(error))?.[1] ?? '';
      expect(said(example)).toEqual({
        subject: 'npm:ejs@1.0.0',
        test: { command: 'mocha test/', tools: { mocha: '10.8.2', should: '3.3.2' } },
      });
    }
  });
});
