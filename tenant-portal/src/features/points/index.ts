export { PointsCard } from './components/PointsCard';
export { ProofStatus } from './components/ProofStatus';
export { kindOf } from './data/proof';
export { useNewestPoints } from './data/usePoints';
