import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectSchema } from '../../../libs/contracts/subject.js';
import { HeptadError } from '../../../libs/protocol/errors.js';
import { parseSubject } from '../../../libs/subjects/parse-subject.js';

const integrity = `sha512-${'A'.repeat(86)}==`;

describe('a subject', () => {
  it.each([
    ['npm:ejs@1.0.0', { kind: 'npm', name: 'ejs', version: '1.0.0' }],
    ['npm:@scope/name@^2.1.0', { kind: 'npm', name: '@scope/name', version: '^2.1.0' }],
    ['npm:ejs@next', { kind: 'npm', name: 'ejs', version: 'next' }],
    ['npm:ejs', { kind: 'npm', name: 'ejs', version: 'latest' }],
    [`npm:ejs@1.0.0#${integrity}`, { kind: 'npm', name: 'ejs', version: '1.0.0', integrity }],
    ['/srv/work', { kind: 'directory', path: '/srv/work' }],
    ['sub/folder', { kind: 'directory', path: '/base/sub/folder' }],
    ['../beside', { kind: 'directory', path: '/beside' }],
    ['https://example.com/a/b.git', { kind: 'git', url: 'https://example.com/a/b.git' }],
    ['git+https://example.com/a/b#v1.2', { kind: 'git', url: 'https://example.com/a/b', ref: 'v1.2' }],
    [
      'ssh://git@example.com:2222/a.git#f/x',
      { kind: 'git', url: 'ssh://git@example.com:2222/a.git', ref: 'f/x' },
    ],
    ['git@example.com:a/b.git#main', { kind: 'git', url: 'git@example.com:a/b.git', ref: 'main' }],
    ['file:///srv/my%20repo', { kind: 'git', url: '/srv/my repo' }],
    ['git+file:///srv/a.git#v1', { kind: 'git', url: '/srv/a.git', ref: 'v1' }],
    ['repositories/a.git#v1', { kind: 'git', url: '/base/repositories/a.git', ref: 'v1' }],
    ['text:Say how to install it.', { kind: 'text', text: 'Say how to install it.' }],
    ['text:\n \n  - One\r\n  - Two\r\r\n \n', { kind: 'text', text: '  - One\n  - Two' }],
    ['text:/etc/passwd', { kind: 'text', text: '/etc/passwd' }],
    [`text:${'a'.repeat(20_000)}\n`, { kind: 'text', text: 'a'.repeat(20_000) }],
  ])('written %s is understood', (text, subject) => {
    expect(parseSubject(text, '/base')).toEqual(subject);
  });

  it.each([
    '',
    '   ',
    'ext::sh -c touch% /tmp/x',
    'git+ext::sh',
    'fd::17/foo',
    'https://user:secret@example.com/a.git',
    'https://user@example.com/a.git',
    'ssh://git:secret@example.com/a.git',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x',
    'ssh://-oProxyCommand=x/a.git',
    'ssh://-l@example.com/a.git',
    'git@-oProxyCommand=x:a.git',
    '-x@example.com:a.git',
    'git@example.com:-a.git',
    'https://example.com/-a/b.git',
    'https://example.com/%2e%2e/b%2f..%2fc.git',
    'https://example.com/a%0ab.git',
    'https://example.com/a.git#--upload-pack=x',
    'https://example.com/a.git#a..b',
    'https://example.com/a.git#a:b',
    'https://example.com/a.git#+a',
    'https://example.com/a.git#a^{tree}',
    'https://example.com/a.git#',
    'https://example.com/a',
    'http://example.com/a.git',
    'git://example.com/a.git',
    'github:a/b',
    'file://host/a.git',
    'C:\\work',
    'npm:',
    'npm:@scope',
    'npm:ejs@',
    'npm:-ejs@1.0.0',
    'npm:ejs@-1',
    'npm:../ejs@1.0.0',
    'npm:ejs@../evil',
    'npm:ejs@file:/etc',
    'npm:ejs@npm:other@1.0.0',
    'npm:ejs@https://example.com/a.tgz',
    'npm:ejs@1.0.0#sha1-abc',
    'npm:a b@1.0.0',
    `npm:${'a'.repeat(215)}@1.0.0`,
    'text:',
    'text: \n\t\r\n',
    'text:a\u0000b',
    'text:a\u001b[31mb',
    'text:a\u2028b',
    'text:a\ud800',
    `text:${'a'.repeat(20_001)}`,
    'a\u0000b',
    'a\u001b[31mb',
    `/${'a'.repeat(2001)}`,
  ])('written %j is refused with the place, the reason and what to do', (text) => {
    const failure = failureOf(text);
    expect(failure).toMatchObject({ code: 'InputInvalid', problems: [{ path: '/subject' }] });
    expect(failure?.problems[0]?.reason).toMatch(/^.+\. [A-Z].+\.$/s);
  });

  it('is one that the contract knows, or refused, whatever is written', () => {
    const pieces = fc.constantFrom(
      'npm:',
      'text:',
      'git+',
      'https://',
      'ssh://',
      'file://',
      '@',
      ':',
      '::',
      '#',
      '..',
      '-',
      '/',
      '.git',
      'a',
      '%2e',
      '\n',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        const failure = failureOf(written);
        if (failure !== undefined) {
          expect(failure.code).toBe('InputInvalid');
          return;
        }
        const subject = parseSubject(written, '/base');
        expect(subjectSchema.parse(subject)).toEqual(subject);
        if (subject.kind === 'text') {
          expect(parseSubject(`text:${subject.text}`)).toEqual(subject);
          return;
        }
        for (const part of Object.values(subject)) expect(part).not.toMatch(/^-|^[^/]*::|[\p{Cc}]/u);
      }),
      { numRuns: 2000 },
    );
  });
});

function failureOf(text: string): HeptadError | undefined {
  try {
    parseSubject(text, '/base');
    return undefined;
  } catch (error) {
    if (error instanceof HeptadError) return error;
    throw error;
  }
}
