import { describe, expect, it } from 'vitest';
import { anchorRequest } from '../../../libs/intake/anchor-request.js';
import { parseRequest } from '../../../libs/intake/parse-request.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { findTemplate } from '../../../libs/templates/load.js';

const refusal = (work: () => unknown): HeptadError => {
  try {
    work();
  } catch (error) {
    if (error instanceof HeptadError) return error;
    throw error;
  }
  throw new Error('It was not refused.');
};

const withInput = (input: Record<string, unknown>) => () =>
  parseRequest({ template: 'repository-review', input });

describe('a request', () => {
  it('is the same as a sentence and as a template with its input', () => {
    const { template, digest } = findTemplate('repository-review');
    const sentence = 'review npm:ejs@1.0.0 and fix what is wrong with tests "mocha test/" using mocha@10.8.2';
    const parsed = parseRequest({ request: sentence });
    expect(parsed).toEqual({
      template: { name: 'repository-review', version: template.version, digest },
      input: { subject: 'npm:ejs@1.0.0', test: { command: 'mocha test/', tools: { mocha: '10.8.2' } } },
      subject: { kind: 'npm', name: 'ejs', version: '1.0.0' },
      test: { command: 'mocha test/', tools: { mocha: '10.8.2' } },
      sentence,
    });
    const { sentence: _, ...rest } = parsed;
    expect(parseRequest({ template: 'repository-review', input: parsed.input })).toEqual(rest);
  });

  it('needs no tests, and no tools', () => {
    expect(withInput({ subject: 'npm:ejs@1.0.0' })()).not.toHaveProperty('test');
    expect(withInput({ subject: 'npm:ejs@1.0.0', test: { command: 'x' } })()).toMatchObject({
      test: { command: 'x', tools: {} },
    });
  });

  it('for an unknown template is refused with those that are known', () => {
    expect(refusal(() => parseRequest({ template: 'nothing', input: {} }))).toMatchObject({
      code: 'TemplateUnknown',
    });
  });

  it('whose input does not match is refused with every problem and its place', () => {
    const error = refusal(withInput({ extra: 1, test: { command: '', tools: { mocha: 10 }, more: true } }));
    expect(error.code).toBe('InputInvalid');
    expect(error.problems.map(({ path }) => path).sort()).toEqual([
      '/input/extra',
      '/input/subject',
      '/input/test/command',
      '/input/test/more',
      '/input/test/tools/mocha',
    ]);
    expect(error.problems.every(({ reason }) => /^[A-Z].*\.$/.test(reason))).toBe(true);
  });

  it.each([
    'ext::sh -c x',
    '--upload-pack=x',
    'https://user:pass@host/a.git',
    'npm:..@1',
    '/a\nb',
    'http://host/a.git',
  ])('with the subject %j is refused at its place in the input', (subject) => {
    const error = refusal(withInput({ subject }));
    expect(error.code).toBe('InputInvalid');
    expect(error.problems).toEqual([{ path: '/input/subject', reason: expect.any(String) }]);
  });

  it.each(['.', './here', 'sub/folder', '../repository.git'])(
    'with the path %j is refused, because it would mean something else in another process',
    (subject) => {
      expect(refusal(withInput({ subject })).problems).toEqual([
        { path: '/input/subject', reason: expect.stringContaining('absolute path') },
      ]);
    },
  );
});

describe('anchoring a request', () => {
  it('makes a relative path absolute, in an input and in a sentence', () => {
    expect(anchorRequest({ template: 'repository-review', input: { subject: './a b' } }, '/base')).toEqual({
      template: 'repository-review',
      input: { subject: '/base/a b' },
    });
    const { request } = anchorRequest({ request: 'Fix fix and fix it with tests "fix".' }, '/base "x"') as {
      request: string;
    };
    expect(request).toBe('Fix "/base \\"x\\"/fix" and fix it with tests "fix".');
    expect(parseRequest({ request }).subject).toEqual({ kind: 'directory', path: '/base "x"/fix' });
  });

  it('keeps the reference of a relative repository', () => {
    expect(anchorRequest({ request: 'check ../r.git#main.' }, '/base/x')).toEqual({
      request: 'check "/base/r.git#main".',
    });
  });

  it.each(['npm:ejs@1.0.0', '/absolute', 'https://host/a.git#v1'])('leaves %s as it is', (subject) => {
    const body = { template: 'repository-review', input: { subject } };
    expect(anchorRequest(body, '/base')).toEqual(body);
    expect(anchorRequest({ request: `review ${subject}` }, '/base')).toEqual({
      request: `review ${subject}`,
    });
  });

  it('leaves what is no subject for the parser to refuse', () => {
    for (const subject of [7, '', '--x']) {
      const body = { template: 'repository-review', input: { subject } };
      expect(anchorRequest(body, '/base')).toEqual(body);
    }
  });
});
