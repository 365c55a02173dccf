const kStep = 15 * 60_000; // every zone's offset is whole quarters of an hour

/** The last instant at or before `now` when clocks in the zone showed the hour: where the day of a watch begins. */
export function lastHour(now: number, zone: string, hour = 6): number {
  const clock = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  });
  const wanted = `${String(hour).padStart(2, '0')}:00`;
  // A day with a clock change has 25 hours at most; where the hour was skipped, the day before answers.
  for (let at = now - (now % kStep), steps = 0; steps < 200; at -= kStep, steps += 1)
    if (clock.format(at) === wanted) return at;
  return now - 86_400_000;
}
