import { overloaded } from './error-reply.ts';

/** Most that may be in work at a time. */
export interface LoadLimits {
  readonly requests: number;
  readonly rows: number;
  readonly bytes: number;
}

/** What one request holds. */
export interface Ticket {
  rows: number;
  bytes: number;
  isOpen: boolean;
}

/**
 * Counts requests, rows and bytes in work. What would go beyond a limit is refused at once, so that no queue grows and memory is
 * bounded; the first request always gets in, however large.
 */
export class LoadGate {
  readonly limits: LoadLimits;
  requests = 0;
  rows = 0;
  bytes = 0;
  /** Refused since the start. */
  refused = 0;
  #onIdle: (() => void)[] = [];

  constructor(limits: LoadLimits) {
    this.limits = limits;
  }

  /** @throws JobError `request/overloaded` */
  enter(): Ticket {
    if (this.requests >= this.limits.requests) throw this.#refuse(`${this.limits.requests} requests`);
    this.requests++;
    return { rows: 0, bytes: 0, isOpen: true };
  }

  /** @throws JobError `request/overloaded` */
  addRows(ticket: Ticket, count: number): void {
    if (!this.hasRoomFor(count)) throw this.#refuse(`${this.rows} rows`);
    ticket.rows += count;
    this.rows += count;
  }

  hasRoomFor(rows: number): boolean {
    return this.rows === 0 || this.rows + rows <= this.limits.rows;
  }

  /** @throws JobError `request/overloaded` */
  addBytes(ticket: Ticket, count: number): void {
    if (!ticket.isOpen) return;
    const others = this.bytes - ticket.bytes;
    if (others > 0 && this.bytes + count > this.limits.bytes) throw this.#refuse(`${this.bytes} bytes`);
    ticket.bytes += count;
    this.bytes += count;
  }

  releaseRows(ticket: Ticket): void {
    this.rows -= ticket.rows;
    ticket.rows = 0;
  }

  releaseBytes(ticket: Ticket): void {
    this.bytes -= ticket.bytes;
    ticket.bytes = 0;
  }

  leave(ticket: Ticket): void {
    if (!ticket.isOpen) return;
    ticket.isOpen = false;
    this.releaseRows(ticket);
    this.releaseBytes(ticket);
    this.requests--;
    if (this.requests > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Resolves when nothing is in work. */
  async idle(): Promise<void> {
    if (this.requests > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  #refuse(what: string) {
    this.refused++;
    return overloaded(what);
  }
}
