export { Shell } from './Shell';
export { SignInPage } from './SignInPage';
