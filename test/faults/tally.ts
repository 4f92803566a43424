/** What a fault run has met; a run in which one of these stays zero has shown nothing about it. */
export interface Tally {
  /** Links that were ended under a reader, by their fate or with the server's process. */
  cuts: number;
  /** Streams that went on from a cursor without a snapshot. */
  resumes: number;
  /** Deltas that began before the end of what the reader had. */
  overlaps: number;
  snapshots: number;
}

export function newTally(): Tally {
  return { cuts: 0, resumes: 0, overlaps: 0, snapshots: 0 };
}

export function addTally(sum: Tally, more: Tally): void {
  sum.cuts += more.cuts;
  sum.resumes += more.resumes;
  sum.overlaps += more.overlaps;
  sum.snapshots += more.snapshots;
}

export function tallyLine({ cuts, resumes, overlaps, snapshots }: Tally): string {
  return `${cuts} cuts, ${resumes} resumes, ${overlaps} overlaps, ${snapshots} snapshots`;
}

/** What did not come up, by name. */
export function missingIn(tally: Tally): string[] {
  return Object.entries(tally).flatMap(([name, count]) => (count > 0 ? [] : [name]));
}
