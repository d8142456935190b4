import { executionSchema } from '../../contracts/phase.js';
import type { PhaseName } from '../../protocol/phases.js';
import { acceptedForgeries } from './accepted-forgeries.js';
import { assignmentForgeries } from './assignment-forgeries.js';
import { commonForgeries } from './common-forgeries.js';
import { conclusionForgeries } from './conclusion-forgeries.js';
import { executionForgeries } from './execution-forgeries.js';
import { type Forgeries, forgeriesOf } from './forgery.js';
import { judgementForgeries } from './judgement-forgeries.js';
import { outcomeForgeries } from './outcome-forgeries.js';
import { packageForgeries } from './package-forgeries.js';
import { segmentForgeries } from './segment-forgeries.js';
import { synthesisForgeries } from './synthesis-forgeries.js';
import { workspaceForgeries } from './workspace-forgeries.js';

const byPhase: Readonly<Record<PhaseName, Forgeries>> = {
  ingest: acceptedForgeries,
  assign: assignmentForgeries,
  execute: forgeriesOf(executionSchema, [
    ...executionForgeries,
    ...outcomeForgeries,
    ...segmentForgeries,
    ...workspaceForgeries,
  ]),
  coordinate: synthesisForgeries,
  verify: judgementForgeries,
  deliver: packageForgeries,
  conclude: conclusionForgeries,
};

/** Every forgery that pass C knows of what a phase stages; see docs/reference/verification.md. */
export const allForgeries: Forgeries = async (material) => [
  ...(await commonForgeries(material)),
  ...(await byPhase[material.judged.phase](material)),
];
