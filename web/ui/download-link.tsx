import { Icon } from './icon.tsx';
import classes from './download-link.module.css';

interface DownloadLinkProps {
  readonly href: string;
  /** What it is, for those who do not see the icon. */
  readonly label: string;
  /** Default: what the server calls it. */
  readonly fileName?: string;
}

/** An icon that downloads a file. */
export function DownloadLink({ href, label, fileName = '' }: DownloadLinkProps) {
  return (
    <a className={classes['download']} href={href} download={fileName} title="Download" aria-label={label}>
      <Icon name="download" />
    </a>
  );
}
