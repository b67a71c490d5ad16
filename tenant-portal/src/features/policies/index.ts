export { usePolicies } from './data/usePolicies';
