import type { Socket } from 'node:net';
import type { GroupStats, SinkStats } from '../case.js';
import { type Mark, readMark } from '../mark.js';
import { nowMicros } from '../measure/clock.js';
import { Histogram } from '../measure/histogram.js';
import { type Behaviour, parsePath } from './behaviour.js';
import type { RawRequest } from './request-reader.js';
import { SequenceSet } from './sequence-set.js';

class Group {
  requests = 0;
  delivered = 0;
  duplicates = 0;
  readonly latency = new Histogram();

  stats(): GroupStats {
    const { requests, delivered, duplicates } = this;
    return { requests, delivered, duplicates, latency: this.latency.percentiles() };
  }
}

interface Endpoint {
  readonly behaviour: Behaviour;
  readonly group: Group;
  readonly arrived: SequenceSet;
  readonly delivered: SequenceSet;
}

/** What came to which endpoint in the current run. */
export class EndpointBook {
  delivered = 0;
  private run = 0;
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly groups = new Map<string, Group>();

  begin(run: number): void {
    this.run = run;
    this.delivered = 0;
    this.endpoints.clear();
    this.groups.clear();
  }

  /** Answers as the path says. An event of an earlier run is answered and not counted; a body without a mark counts. */
  receive(socket: Socket, request: RawRequest): void {
    const endpoint = this.endpoint(request.path);
    const mark = readMark(request.bytes, request.bodyFrom, request.bodyTo);
    if (mark !== null && mark.run !== this.run) return endpoint.behaviour(socket, () => undefined);
    endpoint.group.requests += 1;
    if (mark === null) return endpoint.behaviour(socket, () => undefined);
    if (endpoint.arrived.add(mark.sequence)) endpoint.group.latency.record(nowMicros() - mark.dueMicros);
    endpoint.behaviour(socket, () => this.count(endpoint, mark));
  }

  stats(): SinkStats {
    const all = new Group();
    for (const group of this.groups.values()) {
      all.requests += group.requests;
      all.delivered += group.delivered;
      all.duplicates += group.duplicates;
      all.latency.add(group.latency);
    }
    const groups = Object.fromEntries([...this.groups].map(([name, group]) => [name, group.stats()]));
    return { ...all.stats(), groups };
  }

  /** A slow answer may come when the next run has begun. */
  private count(endpoint: Endpoint, { run, sequence }: Mark): void {
    if (run !== this.run) return;
    if (!endpoint.delivered.add(sequence)) {
      endpoint.group.duplicates += 1;
      return;
    }
    endpoint.group.delivered += 1;
    this.delivered += 1;
  }

  private endpoint(path: string): Endpoint {
    const known = this.endpoints.get(path);
    if (known !== undefined) return known;
    const { behaviour, group: name } = parsePath(path);
    const group = this.groups.get(name) ?? new Group();
    const endpoint = { behaviour, group, arrived: new SequenceSet(), delivered: new SequenceSet() };
    this.groups.set(name, group);
    this.endpoints.set(path, endpoint);
    return endpoint;
  }
}
