import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/**
 * The window of a dialog, which gives the focus back to where it came from. Mantine remembers that place at the moment in which a dialog
 * opens, so that one which begins its life open would not know it: each begins closed here.
 */
export default function DialogWindow({ opened, ...props }: ModalProps) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  useEffect(() => setShown(opened), [opened]);
  return <Modal closeButtonProps={{ "aria-label": t("action.close") }} {...props} opened={shown} />;
}
