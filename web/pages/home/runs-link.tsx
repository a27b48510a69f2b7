import { LinkButton } from '../../ui/button.tsx';
export const RunsLink = () => <LinkButton to="/runs">Runs</LinkButton>;
