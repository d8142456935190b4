import { type Html, html } from './html.js';
import type { ReportData } from './report-data.js';

/** What the package proves and against whom, in plain words, what it does not, and how to check it. */
export function proofSection({ run, delivered }: ReportData): Html {
  const { validation } = delivered;
  const functions = validation?.coverage.functions ?? null;
  return html`<p>This page is a report, not a proof: whoever can change a file can change this one. The proof is in the signatures of the package, and a program checks it, on any machine, without network:</p>
<pre class="command">heptad verify PATH --expect-run ${run}</pre>
<p class="soft">PATH is the folder that this page is in. It names each property below as proven, failed or not checkable. Whose keys count is for you to say: with <code>--key</code>, or by the keys that your machine has pinned.</p>
<div class="two">
<div><h3 class="yes">What it proves</h3>
<div class="scroll"><table><tr><th>That</th><th>Against</th></tr>
<tr><td>no file was changed, added or taken away after it was signed</td><td>everyone who has not the release key</td></tr>
<tr><td>it is the package of this run, and not of another or an older one</td><td>the same; only with <code>--expect-run</code></td></tr>
<tr><td>three verifiers, each with a key of its own, judged every phase on exactly these inputs and outputs</td><td>agents, and the service that carried the run out</td></tr>
<tr><td>the phases followed each other as told, and none was left out</td><td>the same</td></tr>
<tr><td>agents did what their results say: it was executed again and compared</td><td>an agent that lies</td></tr>
<tr><td>who let it go on where a verifier rejected something</td><td>everyone who has not that person’s key</td></tr>
</table></div></div>
<div><h3 class="no">What it does not prove</h3>
<ul>
<li>Anything against someone who holds <b>all</b> the keys: verifiers, producer and release together can agree on a lie.</li>
<li><b>When</b> something happened. Times are claimed by the service; only their order is checked.</li>
<li>What two executions get wrong <b>in the same way</b>.</li>
<li>What no test reaches${!validation && html`: no tests were run on what is delivered`}${functions !== null && html`: these tests reach ${functions} % of the functions`}.</li>
<li>How <b>delivery</b> itself was judged, and how the run ended: this page was made before. Both are in the folder <code>seal</code>. Where that is missing, the run is not yet sealed.</li>
</ul></div>
</div>`;
}
