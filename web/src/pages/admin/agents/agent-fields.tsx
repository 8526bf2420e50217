import { Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Fault } from "../../../api/fault";
import { rolesQuery } from "../../../api/roles";
import { FaultBanner } from "../../../components/banner";
import { useFaultText } from "../../../components/fault-text";
import { useRoleName } from "../roles/role-name";

/** What can be changed about an agent. */
export interface AgentForm {
  name: string;
  email: string;
  title: string;
  role: string;
}

/** A fault that belongs to none of some fields. */
export function ElsewhereFault({ error, fields }: { error: unknown; fields: readonly string[] }) {
  if (!error || (error instanceof Fault && error.field && fields.includes(error.field))) return null;
  return <FaultBanner error={error} />;
}

/** The words for a fault beside its field. */
export function useFieldFault(error: unknown): (field: string) => string | undefined {
  const faultText = useFaultText();
  return (field) => (error instanceof Fault && error.field === field ? faultText(error).text : undefined);
}

/** Name, e-mail, title and role; an agent gives no role that permits more than their own. */
export function AgentFields(props: {
  form: AgentForm;
  onChange: (form: AgentForm) => void;
  error: unknown;
  nameMissing?: boolean;
  /** The agent's own role stays among the choices. */
  role?: string;
}) {
  const { form, onChange } = props;
  const { t } = useTranslation();
  const roleName = useRoleName();
  const { data: roles } = useQuery(rolesQuery);
  const fault = useFieldFault(props.error);
  const field = (name: keyof AgentForm) => ({
    value: form[name],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ ...form, [name]: event.currentTarget.value }),
    error: fault(name),
    autoComplete: "off",
  });
  return (
    <>
      <TextInput
        label={t("settings.name")}
        maxLength={80}
        {...field("name")}
        error={props.nameMissing ? t("agents.nameMissing") : fault("name")}
      />
      <TextInput label={t("settings.email")} type="email" maxLength={254} {...field("email")} />
      <TextInput label={t("settings.jobTitle")} maxLength={80} {...field("title")} />
      <Select
        label={t("agents.role")}
        value={form.role}
        onChange={(role) => role && onChange({ ...form, role })}
        error={fault("role")}
        data={(roles ?? [])
          .filter((role) => !role.mightier || role.id === props.role)
          .map((role) => ({ value: role.id, label: roleName(role.id, role.name) }))}
      />
    </>
  );
}
