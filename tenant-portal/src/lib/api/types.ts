import type { components } from './schema';

type Schemas = components['schemas'];

export type Alert = Schemas['Alert'];
export type Appliance = Schemas['Appliance'];
export type Command = Schemas['Command'];
export type Customer = Schemas['Customer'];
export type InvoiceLine = Schemas['InvoiceLine'];
export type InvoicePreview = Schemas['InvoicePreview'];
export type Job = Schemas['Job'];
export type Licence = Schemas['Licence'];
export type LiveEvent = Schemas['Event'];
export type Me = Schemas['Me'];
export type Msp = Schemas['Msp'];
export type Policy = Schemas['Policy'];
export type PortalConfig = Schemas['PortalConfig'];
export type ProblemBody = Schemas['Problem'];
export type RestorePoint = Schemas['RestorePoint'];
export type Role = Schemas['Role'];
export type Site = Schemas['Site'];
export type UsageRecord = Schemas['UsageRecord'];
export type Vm = Schemas['Vm'];
