import type { UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';

/** The right to execute one run here. Whoever took it leaves it; twice is once. */
export interface RunSeat {
  leave(): void;
}

/** How many more runs may be executed here: by the whole process, and for each user. */
export class RunRoom {
  readonly #limits: Pick<Limits, 'runsPerProcess' | 'runsPerUser'>;
  readonly #taken = new Map<UserId, number>();
  #total = 0;

  constructor(limits: Pick<Limits, 'runsPerProcess' | 'runsPerUser'>) {
    this.#limits = limits;
  }

  /** Whether nobody finds a seat. */
  get isFull(): boolean {
    return this.#total >= this.#limits.runsPerProcess;
  }

  /** Null when this user has to wait. */
  take(userId: UserId): RunSeat | null {
    const taken = this.#taken.get(userId) ?? 0;
    if (this.isFull || taken >= this.#limits.runsPerUser) return null;
    this.#taken.set(userId, taken + 1);
    this.#total += 1;
    let isTaken = true;
    return {
      leave: () => {
        if (isTaken) this.#free(userId);
        isTaken = false;
      },
    };
  }

  #free(userId: UserId): void {
    this.#total -= 1;
    const left = (this.#taken.get(userId) ?? 0) - 1;
    if (left > 0) this.#taken.set(userId, left);
    else this.#taken.delete(userId);
  }
}
