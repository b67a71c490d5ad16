export { AppliancePage } from './components/AppliancePage';
export { AppliancesPage, appliancePath } from './components/AppliancesPage';
export { healthOf, type Verdict } from './data/health';
export { useApplianceNames, useAppliances } from './data/useAppliances';
