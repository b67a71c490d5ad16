// A small made-up portfolio for development and tests. Times hang on "now", so that ages stay what they are.

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ids that look like UUID v7 and can be told apart by a person: kind, then number. */
export const uuid = (kind, n) =>
  `0198c2f0-5d3a-7${kind}-9b1e-${n.toString(16).padStart(12, '0')}`;

const hex = (seed, length = 64) => {
  let text = '';
  for (let i = 0; text.length < length; i += 1) {
    text += ((seed * 2654435761 + i * 40503) >>> 0).toString(16).padStart(8, '0');
  }
  return text.slice(0, length);
};

export function createWorld(now = new Date()) {
  const at = (msAgo) => new Date(now.getTime() - msAgo).toISOString();
  const msp = { id: uuid('a01', 1), name: 'Northwind IT Services', timeZone: 'Europe/London', createdAt: at(200 * DAY) };
  const otherMsp = { id: uuid('a01', 2), name: 'Kestrel Managed Cloud', timeZone: 'Europe/Berlin', createdAt: at(90 * DAY) };

  const customer = (n, name) => ({ id: uuid('b01', n), mspId: msp.id, name, timeZone: 'Europe/London', createdAt: at(150 * DAY) });
  const dental = customer(1, 'Alder Dental Practice');
  const logistics = customer(2, 'Bright Harbour Logistics');
  const school = customer(3, 'Castle Primary School');

  const site = (n, owner, name, location) => ({ id: uuid('c01', n), customerId: owner.id, name, location, createdAt: at(140 * DAY) });
  const sites = [
    site(1, dental, 'High Street surgery', 'Reading, server cupboard'),
    site(2, logistics, 'Harbour depot', 'Felixstowe, building 4'),
    site(3, logistics, 'Inland hub', 'Daventry'),
    site(4, school, 'School office', undefined),
  ];

  const appliance = (n, place, name, change) => ({
    id: uuid('d01', n), customerId: place.customerId, siteId: place.id, name, state: 'active', health: 'ok',
    version: '1.0.0', enrolledAt: at(120 * DAY), lastSeenAt: at(20_000), certificateExpiresAt: at(-4 * DAY),
    desiredVersion: 12, appliedVersion: 12, alerts: [], ...change,
  });
  const appliances = [
    appliance(1, sites[0], 'surgery-appliance'),
    appliance(2, sites[1], 'depot-appliance-1', {
      health: 'degraded', healthDetail: 'The repository “main” has 4 % of its space left.', desiredVersion: 15, appliedVersion: 14,
      alerts: [{ code: 'SD-3000', message: 'Less than 5 % of space is left in repository “main”.', at: at(3 * HOUR) }],
    }),
    appliance(3, sites[2], 'hub-appliance', {
      health: 'offline', healthDetail: 'No report for 2 h 10 min.', lastSeenAt: at(130 * MINUTE), certificateExpiresAt: at(-7 * HOUR),
    }),
    appliance(4, sites[3], 'office-appliance', {
      state: 'pending', health: 'unknown', version: undefined, lastSeenAt: undefined, certificateExpiresAt: undefined,
      desiredVersion: undefined, appliedVersion: undefined, enrolledAt: at(6 * MINUTE),
    }),
  ];

  const vm = (n, on, name, disks, change) => ({
    id: uuid('e01', n), customerId: on.customerId, siteId: on.siteId, applianceId: on.id, name, platform: 'kvm',
    disks: disks.map((sizeBytes, i) => ({ name: `vd${'abc'[i]}`, sizeBytes })), protected: true, policyIds: [], pointCount: 0,
    lastReportedAt: at(20_000), ...change,
  });
  const vms = [
    vm(1, appliances[0], 'patient-records', [40 * GIB, 250 * GIB]),
    vm(2, appliances[0], 'reception-pc', [64 * GIB]),
    vm(3, appliances[0], 'x-ray-import', [120 * GIB], { protected: false }),
    vm(4, appliances[1], 'dispatch-db', [500 * GIB]),
    vm(5, appliances[1], 'fleet-tracker', [80 * GIB]),
    vm(6, appliances[1], 'file-server', [2048 * GIB]),
    vm(7, appliances[2], 'hub-gateway', [20 * GIB]),
  ];

  const policy = (n, owner, name, of, intervalSeconds, keepLast) => ({
    id: uuid('f01', n), customerId: owner.id, name, edition: 'backup', vmIds: of.map(({ id }) => id), intervalSeconds,
    repository: 'main', retention: { keepLast }, createdAt: at(100 * DAY),
  });
  const policies = [
    policy(1, dental, 'hourly', [vms[0]], 3600, 48),
    policy(2, dental, 'daily', [vms[1]], 86_400, 14),
    policy(3, logistics, 'every 4 hours', vms.slice(3), 14_400, 30),
  ];
  for (const each of vms) each.policyIds = policies.filter(({ vmIds }) => vmIds.includes(each.id)).map(({ id }) => id);

  const points = [];
  const history = (of, count, everyMs, newestMsAgo, changed) => {
    for (let i = count - 1; i >= 0; i -= 1) {
      const full = i === count - 1;
      const capturedAgo = newestMsAgo + i * everyMs;
      const size = of.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0);
      const changedBytes = full ? Math.round(size * 0.41) : Math.round(changed * (0.6 + ((i * 37) % 80) / 100));
      points.push({
        id: `${at(capturedAgo).replace(/[-:]|\.\d+/g, '')}-${hex(points.length + 7, 8)}`,
        customerId: of.customerId, vmId: of.id, vmName: of.name, applianceId: of.applianceId, repository: 'main',
        kind: full ? 'full' : 'incremental', proof: 'verified', capturedAt: at(capturedAgo),
        sealedAt: at(capturedAgo - 3 * MINUTE), sizeBytes: size, readBytes: changedBytes, changedBytes,
        storedBytes: Math.round(changedBytes * 0.58),
      });
    }
    of.pointCount += count;
    of.lastPointAt = at(newestMsAgo);
    of.lastJob = {
      id: uuid('ab1', of.pointCount + of.disks.length), kind: 'backup', state: 'succeeded',
      startedAt: at(newestMsAgo), finishedAt: at(newestMsAgo - 3 * MINUTE),
    };
  };
  history(vms[0], 40, HOUR, 22 * MINUTE, 380 * MIB);
  history(vms[1], 14, DAY, 9 * HOUR, 1.4 * GIB);
  history(vms[3], 30, 4 * HOUR, 70 * MINUTE, 6 * GIB);
  history(vms[4], 12, 4 * HOUR, 15 * HOUR, 900 * MIB);
  history(vms[5], 6, 4 * HOUR, 3 * HOUR, 11 * GIB);
  history(vms[6], 8, 4 * HOUR, 5 * HOUR, 60 * MIB);
  const pointsOf = (of) => points.filter(({ vmId }) => vmId === of.id);
  Object.assign(pointsOf(vms[0]).at(-3), {
    kind: 'compare', readBytes: 290 * GIB, fallback: 'The dirty bitmap was gone: the host restarted since the point before.',
  });
  Object.assign(pointsOf(vms[5]).at(-1), { proof: 'unverified' });
  Object.assign(pointsOf(vms[1])[0], { gone: { at: at(2 * HOUR), reason: 'retention', detail: 'policy "daily"' } });
  vms[1].pointCount -= 1;
  vms[3].lastJob = {
    id: uuid('ab1', 900), kind: 'backup', state: 'running', startedAt: at(4 * MINUTE), doneBytes: 2.2 * GIB, totalBytes: 5.9 * GIB,
  };
  vms[3].lastJob.doneBytes = Math.round(vms[3].lastJob.doneBytes);
  vms[3].lastJob.totalBytes = Math.round(vms[3].lastJob.totalBytes);
  vms[4].lastJob = {
    id: uuid('ab1', 901), kind: 'backup', state: 'failed', startedAt: at(70 * MINUTE), finishedAt: at(69 * MINUTE),
    message: 'The repository “main” has no space left. Free space or add storage, then back up again.',
  };

  const licence = (n, owner, edition, maxVms, state, endsMsAgo) => ({
    id: uuid('1c1', n), customerId: owner.id, edition, maxVms, validFrom: at(200 * DAY), validTo: at(endsMsAgo), state,
    keyId: 'licence-2026-1', jws: '{"payload":"made-up"}', features: [],
    cause: 'issue', issuedAt: at(200 * DAY), bindHardware: false, transfersLeft: 0, offlineDays: 7,
  });
  const licences = [
    licence(1, dental, 'backup', 10, 'valid', -165 * DAY),
    licence(2, logistics, 'enterprise', 25, 'grace', 1 * DAY),
  ];

  return {
    now, msps: [msp, otherMsp], customers: [dental, logistics, school], sites, appliances, vms, policies, points, licences,
    commands: [], usage: usageOf(now, appliances.slice(0, 2), vms), at,
  };
}

/** One record for each whole hour of the last two days, per appliance. */
function usageOf(now, appliances, vms) {
  const records = [];
  const hour = Math.floor(now.getTime() / HOUR) * HOUR;
  for (const appliance of appliances) {
    const covered = vms.filter((vm) => vm.applianceId === appliance.id && vm.protected);
    for (let back = 48; back >= 1; back -= 1) {
      records.push({
        id: `${appliance.id.slice(-4)}-1-${49 - back}`, customerId: appliance.customerId, applianceId: appliance.id, epoch: 1,
        sequence: 49 - back, periodStart: new Date(hour - back * HOUR).toISOString(),
        periodEnd: new Date(hour - (back - 1) * HOUR).toISOString(),
        vms: covered.map((vm, i) => ({
          vmId: vm.id, vmName: vm.name, edition: 'backup', protected: true, storedBytes: (90 + i * 40) * GIB,
          movedBytes: 140 * MIB, replicationTargets: 0,
        })),
        hash: hex(back + appliance.id.charCodeAt(35) * 1000), acceptedAt: new Date(hour - (back - 1) * HOUR + 4000).toISOString(),
      });
    }
  }
  return records;
}

/** Lines for the last two days. Prices of the book, days in 30ths, rounded as lines of a total. */
export function invoiceOf(world, kind, owners, period) {
  const wholesale = kind === 'wholesale';
  const lines = [];
  const current = world.now.toISOString().slice(0, 7) === period;
  for (const owner of current ? owners : []) {
    const records = world.usage.filter(({ customerId }) => customerId === owner.id);
    const names = new Set(records.flatMap(({ vms }) => vms.map(({ vmId }) => vmId)));
    if (names.size === 0) continue;
    const days = names.size * 2;
    const price = wholesale ? 5 : 10;
    lines.push({
      code: 'vm-backup', description: 'Protected machines, backup edition', customerId: owner.id, customerName: owner.name,
      quantity: String(days), unit: 'VM-day', unitPrice: (price / 30).toFixed(10), exactAmount: ((days * price) / 30).toFixed(10),
      amount: ((days * price) / 30).toFixed(2),
      explanation: `${names.size} machines were protected on 2 days each. USD ${price} per machine and month of 30 days.`,
      recordIds: records.map(({ id }) => id),
    });
  }
  if (wholesale && current) {
    lines.push({
      code: 'msp-base', description: 'MSP base, 100 customers included', quantity: '1', unit: 'month', unitPrice: '200.00',
      exactAmount: '200.00', amount: '200.00', recordIds: [],
    });
  }
  const cents = lines.reduce((sum, line) => sum + Math.round(Number(line.amount) * 100), 0);
  return {
    kind, period, timeZone: 'Europe/London', currency: 'USD', lines, total: (cents / 100).toFixed(2), priceBook: 'v1',
    computedAt: new Date().toISOString(),
  };
}
