export { PointsCard } from './components/PointsCard';
export { ProofStatus } from './components/ProofStatus';
export { useNewestPoints } from './data/usePoints';
