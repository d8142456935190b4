import type { Assignment, GrantedProfile } from '../../contracts/phase.js';
import { changing, type Forgery, inventing } from './forgery.js';

/** Replaces the first granted profile that `change` has an occasion to change. */
function withProfile(assignment: Assignment, change: (profile: GrantedProfile) => unknown): unknown {
  for (const [id, profile] of Object.entries(assignment.profiles ?? {})) {
    const changed = change(profile);
    if (changed !== undefined) return { ...assignment, profiles: { ...assignment.profiles, [id]: changed } };
  }
  return undefined;
}

const isScaled = ({ scaled }: GrantedProfile): boolean => scaled !== null && scaled.cpu < 1;

/** Forgeries of what the agents may use. */
export const profileForgeries: readonly Forgery<Assignment>[] = [
  changing('profile-left-out', ({ profiles, ...assignment }) => {
    const granted = Object.entries(profiles ?? {});
    return granted.length > 0 ? { ...assignment, profiles: Object.fromEntries(granted.slice(1)) } : undefined;
  }),
  changing('profiles-left-out', ({ profiles, ...assignment }) => profiles && assignment),
  changing('profile-for-what-has-no-budget', ({ profiles, ...assignment }) => {
    const [profile] = Object.values(profiles ?? {});
    return profile && { ...assignment, profiles: { ...profiles, nothing: profile } };
  }),
  changing('profile-without-a-share', (assignment) =>
    withProfile(assignment, ({ cpuPercent, ...profile }) => (cpuPercent === undefined ? undefined : profile)),
  ),
  changing('profile-without-a-bound-of-memory', (assignment) =>
    withProfile(assignment, ({ memoryBytes, ...profile }) =>
      memoryBytes === undefined ? undefined : profile,
    ),
  ),
  changing('profile-with-more-than-its-share', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.cpuPercent === undefined || profile.cpuPercent === 100
        ? undefined
        : { ...profile, cpuPercent: 100 },
    ),
  ),
  changing('profile-with-more-memory', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.memoryBytes === undefined ? undefined : { ...profile, memoryBytes: Number.MAX_SAFE_INTEGER },
    ),
  ),
  changing('profile-with-more-time', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.wallMs === undefined ? undefined : { ...profile, wallMs: profile.wallMs + 1 },
    ),
  ),
  changing('capacity-hidden', ({ capacity, ...assignment }) => capacity && assignment),
  // Within its budget, and still not the part of it that is left where others run at once.
  inventing('profile-scaled-less', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.cpuPercent === undefined || !isScaled(profile)
        ? undefined
        : { ...profile, cpuPercent: profile.cpuPercent + 0.001 },
    ),
  ),
  inventing('profile-with-less-than-its-share', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.cpuPercent === undefined ? undefined : { ...profile, cpuPercent: profile.cpuPercent / 2 },
    ),
  ),
  inventing('profile-with-less-memory', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.memoryBytes === undefined || profile.memoryBytes === 1
        ? undefined
        : { ...profile, memoryBytes: profile.memoryBytes - 1 },
    ),
  ),
  inventing('scaling-hidden', (assignment) =>
    withProfile(assignment, (profile) =>
      profile.scaled === null ? undefined : { ...profile, scaled: null },
    ),
  ),
];
