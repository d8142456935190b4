import { type Html, html } from './html.js';

/** Lines of the patch that the page shows; the rest is in `artifacts/changes.patch`. */
const shown = 4000;
/** Characters of a line that the page shows. */
const lineLength = 400;

/** The patch, coloured by line. */
export function diffSection(patch: string): Html {
  const lines = patch === '' ? [] : patch.replace(/\n$/, '').split('\n');
  const left = lines.length - shown;
  if (lines.length === 0) return html`<p>Nothing is changed.</p>`;
  return html`<pre class="diff">${lines.slice(0, shown).map(lineOf)}</pre>${
    left > 0 && html`<p>${left} more lines are in <code>artifacts/changes.patch</code>.</p>`
  }`;
}

function lineOf(line: string): Html {
  const cut = line.length > lineLength ? `${line.slice(0, lineLength)} …` : line;
  return html`<span class="${classOf(line)}">${cut}</span>`;
}

function classOf(line: string): string {
  if (/^(?:diff --git|--- |\+\+\+ |new file|deleted file|old mode|new mode)/.test(line)) return 'file';
  if (line.startsWith('@@')) return 'hunk';
  if (line.startsWith('+')) return 'add';
  return line.startsWith('-') ? 'del' : 'ctx';
}
