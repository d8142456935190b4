/** The scale of every priority, lowest first. "Medium" of other systems is `normal`. */
export const priorities = ['low', 'normal', 'high', 'urgent', 'critical'] as const;
export type Priority = (typeof priorities)[number];

/** Temporal's priority key of each: 1 is taken first. */
export const priorityKey = (priority: Priority): number => priorities.length - priorities.indexOf(priority);
