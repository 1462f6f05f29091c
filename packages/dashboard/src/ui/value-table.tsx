/** The values of a chart as a table, on demand. */
export function ValueTable({ columns, rows }: { columns: readonly string[]; rows: readonly (readonly string[])[] }) {
  return (
    <details className="values">
      <summary>Values as a table</summary>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Values">
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} className={index === 0 ? undefined : 'number'}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column} className={column === 0 ? undefined : 'number'}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
