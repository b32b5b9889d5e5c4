body=$(mktemp)
trap 'rm -f "$body"' EXIT
declare -A body_at=([standard]=4 [standard-public]=4 [over-body]=4 [preservica]=2 [stripe]=2 [v0]=3 [twitch]=4 [http-signature]=8)
while IFS=$'\t' read -ra fields; do
  scheme=${fields[0]} args=()
  for field in "${fields[@]:1}"; do
    if [ "${#args[@]}" = "${body_at[$scheme]}" ]; then
      printf %s "${field#:}" | base64 -d >"$body"
      args+=("$body")
    else
      args+=("$(printf %s "${field#:}" | base64 -d)")
    fi
  done
  case $scheme in
    mcs-proof | challenge-response) printf '%s\n' "$("${scheme//-/_}" "${args[@]}")" ;;
    *) if "${scheme//-/_}" "${args[@]}"; then echo true; else echo false; fi ;;
  esac
done
