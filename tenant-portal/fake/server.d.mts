/** The fake as the unit tests see it; the objects of its world are those of openapi.yaml. */
export interface Fake {
  readonly url: string;
  readonly world: {
    readonly vms: Record<string, unknown>[];
    readonly appliances: Record<string, unknown>[];
    readonly commands: Record<string, unknown>[];
    readonly licences: Record<string, unknown>[];
  };
  readonly faults: {
    apiDown?: boolean;
    eventsDown?: boolean;
    slowMs?: number;
    refuse: Record<string, number>;
  };
  /** Operations asked for, in order. */
  readonly seen: readonly string[];
  readonly identity: { tokenFor(username: string): string; endSessions(): void };
  emit(event: { type: string; customerId?: string; id?: string }): void;
  close(): Promise<void>;
}

export function startFake(options?: { now?: Date; empty?: boolean }): Promise<Fake>;
