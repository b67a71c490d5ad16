import { createBrowserRouter, type RouteObject } from 'react-router-dom';
import { Shell } from '@/components/layout';
import { ApplianceRoute } from '@/routes/appliance';
import { AppliancesRoute } from '@/routes/appliances';
import { CrashRoute } from '@/routes/crash';
import { HomeRoute } from '@/routes/home';
import { InvoiceRoute } from '@/routes/invoice';
import { MachineRoute } from '@/routes/machine';
import { MachinesRoute } from '@/routes/machines';
import { MspInvoiceRoute } from '@/routes/mspInvoice';
import { MspsRoute } from '@/routes/msps';
import { NotFoundRoute } from '@/routes/notFound';
import { SignedInRoute } from '@/routes/signedIn';
import { SitesRoute } from '@/routes/sites';
import { WholesaleRoute } from '@/routes/wholesale';

export const routes: RouteObject[] = [
  {
    element: <SignedInRoute />,
    errorElement: <CrashRoute />,
    children: [
      {
        element: <Shell />,
        children: [
          {
            errorElement: <CrashRoute />,
            children: [
              { path: '/', element: <HomeRoute /> },
              { path: '/msps', element: <MspsRoute /> },
              { path: '/msps/:mspId/invoice', element: <MspInvoiceRoute /> },
              { path: '/sites', element: <SitesRoute /> },
              { path: '/appliances', element: <AppliancesRoute /> },
              { path: '/customers/:customerId/appliances/:applianceId', element: <ApplianceRoute /> },
              { path: '/machines', element: <MachinesRoute /> },
              { path: '/customers/:customerId/machines/:vmId', element: <MachineRoute /> },
              { path: '/invoice', element: <InvoiceRoute /> },
              { path: '/wholesale', element: <WholesaleRoute /> },
              { path: '*', element: <NotFoundRoute /> },
            ],
          },
        ],
      },
    ],
  },
];

export function createRouter() {
  return createBrowserRouter(routes, { future: { v7_relativeSplatPath: true } });
}

export type Router = ReturnType<typeof createRouter>;
