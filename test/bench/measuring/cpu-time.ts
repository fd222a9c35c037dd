/**
 * CPU time that this process has used so far, in nanoseconds: that of all its threads, so that what the collector and
 * the compiler do counts too, and that of nobody else. It is exact to a microsecond, so what is timed by it has to be
 * repeated until that does not matter.
 */
export function cpuNs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e3;
}
