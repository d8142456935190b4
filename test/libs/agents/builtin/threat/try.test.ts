import { test } from 'vitest';
import { analyse, shop, hardenedShop } from './subjects.js';
import { Outcomes } from '../../../../../libs/agents/builtin/threat/outcomes.js';
import { assessRisk } from '../../../../../libs/agents/builtin/threat/analyses/risk-assessment.js';
import { coreAnalyses } from '../../../../../libs/contracts/reports/threat.js';
import { existsSync } from 'node:fs';
test('x', async () => {
  for (const s of [shop, hardenedShop]) { if (!existsSync(s)) continue;
  const outs = [];
  for (const a of coreAnalyses) {
    const o = await analyse(a, s) as any; outs.push(o);
    console.log(a, o.score, o.checked, o.unchecked, o.coverage, '\n' + o.findings.map((f:any)=>`  ${f.severity} ${f.rule} ${f.file}:${f.line} ${f.message}`).join('\n'));
  }
  for (const o of outs) { if(o.kind==='attack-path-analyzer') console.log(o.targets.map((t:any)=>`${t.service} ${t.effort} d${t.distinct} [${t.chokePoints}]\n`+t.paths.map((p:any)=>'   '+p.effort+' '+p.steps.map((x:any)=>x.to+'('+x.effort+')').join(' > ')).join('\n')).join('\n')); }
  const arch = outs.find((o:any)=>o.kind==='architectural-risk'); console.log(JSON.stringify({...arch, findings: 0}));
  console.log(assessRisk(new Outcomes(outs), 'weighted'), assessRisk(new Outcomes(outs), 'worst').risk_level); }
});
