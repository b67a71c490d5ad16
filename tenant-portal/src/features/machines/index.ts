export { MachinePage } from './components/MachinePage';
export { MachinesPage } from './components/MachinesPage';
export { machinePath } from './components/MachinesTable';
export { protectionOf, type Protection } from './data/protection';
export { useMachines } from './data/useMachines';
