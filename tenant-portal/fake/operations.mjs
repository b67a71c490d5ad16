// What each operation of the contract answers, over the made-up world. Only what the portal calls.
import { invoiceOf, uuid } from './data.mjs';

export class Refusal extends Error {
  constructor(status, code, title, detail, remedy) {
    super(detail);
    this.status = status;
    this.body = { type: `https://sendense.io/problems/${code}`, title, status, code, detail, remedy };
  }
}

const notFound = () => new Refusal(404, 'SD-1001', 'Not found', 'There is no such object in your scope.');

export function createOperations(world, { issuer, emit }) {
  const inScope = (me, customerId) => {
    if (me.scope.kind === 'msp') return true;
    return me.scope.kind === 'customers' && me.scope.customerIds.includes(customerId);
  };
  const visible = (me, items, query, owner = (item) => item.customerId) => {
    if (query.customerId !== undefined && !inScope(me, query.customerId)) throw notFound();
    return items.filter((item) => inScope(me, owner(item)) && (query.customerId ?? owner(item)) === owner(item));
  };
  const one = (me, items, customerId, id) => {
    const found = inScope(me, customerId) ? items.find((item) => item.id === id && item.customerId === customerId) : undefined;
    if (!found) throw notFound();
    return found;
  };
  const bare = (record) => Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'customerId'));

  return {
    getHealth: () => ({ status: 'up', version: '1.0.0', components: [{ name: 'database', status: 'up' }] }),
    getPortalConfig: () => ({ issuer, clientId: 'sendense-portal', audience: 'sendense-api' }),
    getMe: ({ me }) => me,
    listMsps: ({ me, query }) => page(world.msps.filter(({ id }) => me.scope.kind === 'platform' || me.scope.mspId === id), query),
    getMsp: ({ me, params }) => {
      const found = world.msps.find(({ id }) => id === params.mspId && (me.scope.kind === 'platform' || me.scope.mspId === id));
      if (!found) throw notFound();
      return found;
    },
    listCustomers: ({ me, query }) => page(visible(me, world.customers, query, ({ id }) => id), query),
    listSites: ({ me, query }) => page(visible(me, world.sites, query), query),
    listAppliances: ({ me, query }) => page(visible(me, world.appliances, query), query),
    getAppliance: ({ me, params }) => one(me, world.appliances, params.customerId, params.applianceId),
    approveAppliance: ({ me, params }) => {
      const appliance = one(me, world.appliances, params.customerId, params.applianceId);
      Object.assign(appliance, { state: 'active' });
      emit({ type: 'appliance', customerId: appliance.customerId, id: appliance.id });
      return appliance;
    },
    listVms: ({ me, query }) => page(visible(me, world.vms, query), query),
    getVm: ({ me, params }) => one(me, world.vms, params.customerId, params.vmId),
    backupVm: ({ me, params }) => {
      const vm = one(me, world.vms, params.customerId, params.vmId);
      const command = {
        id: uuid('cd1', world.commands.length + 1), customerId: vm.customerId, kind: 'backup-now', state: 'queued', vmId: vm.id,
        applianceId: vm.applianceId, createdAt: new Date().toISOString(),
      };
      world.commands.push(command);
      return { status: 202, body: command };
    },
    getCommand: ({ me, params }) => one(me, world.commands, params.customerId, params.commandId),
    listPolicies: ({ me, query }) => page(visible(me, world.policies, query), query),
    listRestorePoints: ({ me, query }) => {
      const points = visible(me, world.points, query)
        .filter(({ vmId }) => (query.vmId ?? vmId) === vmId)
        .filter(({ gone }) => gone === undefined || String(query.gone) === 'true');
      return page(points.sort((a, b) => Date.parse(b.capturedAt) - Date.parse(a.capturedAt)), query);
    },
    getLicence: ({ me, params }) => {
      const licence = world.licences.find(({ customerId }) => customerId === params.customerId && inScope(me, customerId));
      if (!licence) throw notFound();
      return licence;
    },
    listUsageRecords: ({ me, params, query }) =>
      page(visible(me, world.usage, { customerId: params.customerId }).map(bare), query),
    previewCustomerInvoice: ({ me, params, query }) => {
      const customer = world.customers.find(({ id }) => id === params.customerId && inScope(me, id));
      if (!customer) throw notFound();
      return { ...invoiceOf(world, 'retail', [customer], query.period), customerId: customer.id };
    },
    previewMspInvoice: ({ params, query }) => ({
      ...invoiceOf(world, 'wholesale', params.mspId === world.msps[0].id ? world.customers : [], query.period),
      mspId: params.mspId,
    }),
  };
}

function page(items, { limit = '50', cursor = '0' }) {
  const from = Number(cursor);
  const to = from + Number(limit);
  return { items: items.slice(from, to), ...(to < items.length ? { nextCursor: String(to) } : {}) };
}
