export { accessOf, type Access } from './data/access';
export { MeContext, useAccess, useMe, useMeQuery } from './data/useMe';
