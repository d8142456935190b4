/** The name of a capability of Linux as it is compared: `CAP_SYS_ADMIN` and `sys_admin` are `SYS_ADMIN`. */
export const capabilityName = (written: string): string => written.toUpperCase().replace(/^CAP_/, '');
