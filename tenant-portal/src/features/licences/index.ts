export { LicenceCard } from './components/LicenceCard';
